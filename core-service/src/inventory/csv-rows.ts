/** CSV cut into rows, and its broken quotes told where they were opened. */
import { parse } from 'csv-parse';
import type { CsvError } from 'csv-parse';
import { cleanText } from '../typed-text.ts';
import type { Row } from './header.ts';
import { quoteTextTricks } from './safe-cell.ts';

/** A line with its quoted breaks has at most this many characters, which bounds the memory. */
const MAX_ROW = 100_000;

/** A mistake in a cell, whose name only the header tells. */
interface BrokenCell {
  readonly line: number;
  readonly index: number;
  readonly reason: string;
}

/** Rows as they are read; a broken cell is the last, because nobody knows where the next one begins. */
export async function* rowsOf(
  texts: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<Row | BrokenCell> {
  const rows: Row[] = [];
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    raw: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW,
    // The rows of a piece of text are taken as soon as it is parsed, so that they come before its error.
    on_record: (row: unknown, { lines }) => {
      const { record, raw } = row as { readonly record: readonly string[]; readonly raw: string };
      const more = newlinesIn(record.join(''));
      const cells = record.map(cleanText);
      rows.push({
        line: lines - more,
        cells,
        ...(more > 0 && { lines: raw.replace(/^\n+|\n+$/g, '').split('\n') }),
      });
      return null;
    },
  });
  let broken: CsvError | undefined;
  parser.on('error', (error: CsvError) => void (broken ??= error));
  for await (const text of withQuotedTricks(texts, delimiter)) {
    await new Promise((resolve) => void parser.write(text, resolve));
    yield* rows.splice(0);
    if (broken) return yield explain(broken, delimiter);
  }
  await new Promise((resolve) => void parser.end(resolve));
  yield* rows.splice(0);
  if (broken) yield explain(broken, delimiter);
}

/** Reads line by line, so that no cell is cut in two; a line that is too long goes on as it comes. */
async function* withQuotedTricks(
  texts: AsyncIterable<string>,
  delimiter: string,
): AsyncGenerator<string> {
  let held = '';
  for await (const text of texts) {
    const isLong = held.length > 2 * MAX_ROW;
    const end = isLong ? text.length : text.lastIndexOf('\n') + 1;
    if (end > 0) yield quoteTextTricks(held + text.slice(0, end), delimiter);
    held = end > 0 ? text.slice(end) : held + text;
  }
  if (held !== '') yield quoteTextTricks(held, delimiter);
}

/** Tells of an error at the line where the quote was opened that it comes from. */
function explain(error: CsvError, delimiter: string): BrokenCell {
  const { code } = error;
  const raw = String(error['raw']).replace(/\n$/, '');
  const last = Number(error['lines']);
  const quoteAt = lastQuoteIn(raw, delimiter);
  const isOpen = code !== 'INVALID_OPENING_QUOTE' && quoteAt !== undefined;
  const line = isOpen ? last - newlinesIn(raw.slice(quoteAt)) : last;
  const place = line === last ? '' : ` on line ${last}`;
  const quoteInside = `in the middle of a cell${place}; in a quoted cell it is written twice`;
  const reason =
    {
      CSV_QUOTE_NOT_CLOSED: 'has a quote that opens here and is never closed',
      CSV_INVALID_CLOSING_QUOTE: `has a quote that opens here and another one ${quoteInside}`,
      CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: `has a quote that opens here and another one ${quoteInside}`,
      INVALID_OPENING_QUOTE: `has a quote ${quoteInside}`,
      CSV_MAX_RECORD_SIZE: `${isOpen ? 'has a quote that opens here, and ' : 'has '}more than ${MAX_ROW} characters`,
    }[code as string] ?? `cannot be read as CSV: ${error.message}`;
  return { line, index: Number(error['column']), reason };
}

/** @returns where the last quote stands that opens a cell */
function lastQuoteIn(raw: string, delimiter: string): number | undefined {
  let opened: number | undefined;
  let [isInside, isStart] = [false, true];
  for (let i = 0; i < raw.length; i++) {
    const character = raw[i] ?? '';
    if (isInside) {
      if (character !== '"') continue;
      if (raw[i + 1] === '"') i++;
      else isInside = false;
    } else if (character === '"' && isStart) {
      opened = i;
      isInside = true;
    } else isStart = character === delimiter || (isStart && character.trim() === '');
  }
  return opened;
}

const newlinesIn = (text: string): number => text.split('\n').length - 1;
