/** Raw items of CSV, as spreadsheets and other programs write it. */
import { quote } from '../typed-text.ts';
import { rowsOf } from './csv-rows.ts';
import type { Row } from './header.ts';
import { columnNamed, findHeader, isWhole, letterOf, problemsOf, QUOTED_WHOLE } from './header.ts';
import type { Line } from './item-row.ts';
import { fromSafeCell, fromTextTrick } from './safe-cell.ts';
import { isSeparatorLine, otherSeparator, separatorOf } from './separator.ts';
import { swallowedRow } from './swallowed-row.ts';

/** @param head the beginning of the text, by which its separator is judged */
export async function* readCsv(texts: AsyncIterable<string>, head: string): AsyncGenerator<Line> {
  const early: Row[] = [];
  const separator = separatorOf(head);
  let header: Row | undefined;
  let isNamed = false;
  for await (const row of rowsOf(texts, separator)) {
    if ('reason' in row) {
      const { line, index, reason } = row;
      return yield { line, column: nameOf(header, index), reason };
    }
    if (row.cells.every((cell) => cell === '')) continue;
    if (header) {
      const swallowed = swallowedProblem(header, row, separator);
      yield* swallowed ? [swallowed] : toLines(header, row, separator);
      continue;
    }
    if (early.length === 0 && isSeparatorLine(row)) {
      isNamed = true;
      continue;
    }
    early.push({ ...row, cells: row.cells.map(fromTextTrick) });
    header = findHeader(early, false);
    if (!header) continue;
    if (!isWhole(header)) break;
    yield* problemsOf(header, early.slice(0, early.indexOf(header)));
  }
  if (header && isWhole(header)) return;
  const nearest = header ?? findHeader(early, true);
  if (!nearest) return yield { line: 1, reason: 'there is nothing in it' };
  const other = otherSeparator(early, separator, isNamed);
  if (other) yield other;
  else yield* problemsOf(nearest, header ? early.slice(0, early.indexOf(header)) : []);
}

/** A quote that pairs by chance with one of a later row makes one row of several. */
function swallowedProblem(header: Row, row: Row, separator: string): Line | undefined {
  const { lines = [] } = row;
  const at = lines.length > 1 ? swallowedRow(lines, header, separator) : undefined;
  if (at === undefined) return undefined;
  const opened = Math.max(
    0,
    row.cells.findIndex((cell) => cell.includes('\n')),
  );
  const reason = `has a quote that opens here, and line ${row.line + at} inside of it looks like a row of its own: a quote that is part of a text is written twice, in a cell that is quoted`;
  return { line: row.line, column: nameOf(header, opened), reason };
}

/** The cells of a row by their columns; those that are missing at its end are empty. */
function* toLines(
  { cells: header }: Row,
  { line, cells }: Row,
  separator: string,
): Generator<Line> {
  const count = cells.findLastIndex((cell) => cell !== '') + 1;
  if (count > header.length) {
    const reason = `has ${count} cells, the header has ${header.length}: is a quote missing?`;
    return yield { line, reason };
  }
  const [only = ''] = count === 1 ? cells : [];
  if (only.split(separator).length >= header.length && header.length > 1) {
    return yield { line, reason: QUOTED_WHOLE };
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
