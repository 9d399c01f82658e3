/** Raw items of CSV, as spreadsheets and other programs write it. */
import { quote } from '../typed-text.ts';
import { rowsOf } from './csv-rows.ts';
import type { Row } from './header.ts';
import {
  columnNamed,
  findHeader,
  isWhole,
  isSeparatorLine,
  letterOf,
  problemsOf,
  separatorOf,
} from './header.ts';
import type { Line } from './item-row.ts';
import { fromSafeCell } from './safe-cell.ts';

/** @param head the beginning of the text, by which its separator is judged */
export async function* readCsv(texts: AsyncIterable<string>, head: string): AsyncGenerator<Line> {
  const early: Row[] = [];
  let header: Row | undefined;
  for await (const row of rowsOf(texts, separatorOf(head))) {
    if ('reason' in row) {
      const { line, index, reason } = row;
      return yield { line, column: nameOf(header, index), reason };
    }
    if (row.cells.every((cell) => cell === '')) continue;
    if (header) {
      yield* toLines(header, row);
      continue;
    }
    if (early.length === 0 && isSeparatorLine(row)) continue;
    early.push(row);
    header = findHeader(early, false);
    if (!header) continue;
    yield* problemsOf(header, early.slice(0, early.indexOf(header)));
    if (!isWhole(header)) return;
  }
  if (header) return;
  header = findHeader(early, true);
  if (header) yield* problemsOf(header, []);
  else yield { line: 1, reason: 'there is nothing in it' };
}

/** The cells of a row by their columns; those that are missing at its end are empty. */
function* toLines({ cells: header }: Row, { line, cells }: Row): Generator<Line> {
  const count = cells.findLastIndex((cell) => cell !== '') + 1;
  if (count > header.length) {
    const reason = `has ${count} cells, the header has ${header.length}: is a quote missing?`;
    return yield { line, reason };
  }
  const known: [string, string][] = [];
  for (const [i, name] of header.entries()) {
    const [column, cell] = [columnNamed(name), cells[i] ?? ''];
    // The mistakes of the header have been told.
    if (column !== undefined) known.push([column, fromSafeCell(cell)]);
    else if (name === '' && cell !== '') {
      const reason = `has ${quote(cell)}, but no name in the header`;
      yield { line, column: `column ${letterOf(i)}`, reason };
    }
  }
  yield { line, raw: Object.fromEntries(known) };
}

function nameOf(header: Row | undefined, index: number): string {
  const name = header?.cells[index] ?? '';
  return columnNamed(name) ?? (name || `column ${letterOf(index)}`);
}
