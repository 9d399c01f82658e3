/** Inventory files as streams of raw items: CSV with a header line, or JSON Lines. */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import type { CsvError, Info } from 'csv-parse';
import { COLUMN_NAMES, REQUIRED } from './columns.ts';
import type { Problem } from './item-row.ts';

/** A raw item and where it began, or why there is none. */
export type Line = { readonly line: number; readonly raw: unknown } | Problem;

const MAX_HEAD = 4_096;
const MAX_COLUMN = 64;
/** Bounds the memory that one line may take. */
const MAX_LINE = 100_000;
const DELIMITERS = [',', ';', '\t'] as const;

/**
 * Reads items from a file's bytes; what it is, their beginning tells: JSON Lines begin with a brace.
 *
 * @throws Error of the file system when they cannot be read
 */
export async function* readItems(bytes: Readable): AsyncGenerator<Line> {
  const head = await headOf(bytes);
  const isJson = /^\uFEFF?\s*\{/.test(head);
  yield* isJson ? readJsonLines(bytes) : readCsv(bytes, delimiterOf(head));
}

/** The first bytes, which stay in the stream. */
async function headOf(bytes: Readable): Promise<string> {
  await Promise.race([once(bytes, 'readable'), once(bytes, 'end')]);
  const chunk = bytes.read() as Buffer | null;
  if (!chunk) return '';
  bytes.unshift(chunk);
  return chunk.toString('utf8', 0, MAX_HEAD);
}

/** Spreadsheets separate by what their user's language does not use in numbers. */
function delimiterOf(head: string): string {
  const [header = ''] = head.split(/[\r\n]/, 1);
  const counts = DELIMITERS.map((each) => header.split(each).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

async function* readJsonLines(stream: Readable): AsyncGenerator<Line> {
  let line = 0;
  for await (const text of linesOf(stream)) {
    line++;
    if (text.length > MAX_LINE) yield { line, reason: `has more than ${MAX_LINE} characters` };
    else if (text.trim() !== '') yield parseJson(line, text.replace(/^\uFEFF/, ''));
  }
}

function parseJson(line: number, text: string): Line {
  try {
    return { line, raw: JSON.parse(text) as unknown };
  } catch (error) {
    return { line, reason: `is no JSON: ${(error as Error).message}` };
  }
}

/** Node's readline would also break at U+2028, which JSON may hold. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    // The line is too long already; it is counted, not kept.
    if (rest.length > MAX_LINE) rest = rest.slice(0, MAX_LINE + 1);
  }
  if (rest !== '') yield rest;
}

interface Parsed {
  readonly info: Info;
  readonly record: readonly string[];
}

async function* readCsv(stream: Readable, delimiter: string): AsyncGenerator<Line> {
  const skipped: Problem[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE,
    skip_records_with_error: true,
    on_skip: (error) => void (error && skipped.push(explain(error))),
  });
  // An error of the file reaches the parser, and so whoever reads from it.
  pipeline(stream, parser, () => undefined);
  let header: readonly string[] | undefined;
  for await (const { info, record } of parser as AsyncIterable<Parsed>) {
    yield* skipped.splice(0);
    const line = info.lines - record.join('').split('\n').length + 1;
    if (!header) {
      header = record.map((name) => name.trim().toLowerCase().slice(0, MAX_COLUMN));
      yield* problemsOf(header, line);
    } else if (record.every((cell) => cell.trim() === '')) continue;
    else yield toLine(header, record, line);
  }
  yield* skipped;
  if (!header && skipped.length === 0) yield { line: 1, reason: 'there is nothing in it' };
}

/** A mistake in the header is told once, not for each line. */
function problemsOf(header: readonly string[], line: number): Problem[] {
  const known: readonly string[] = COLUMN_NAMES;
  const problem = (column: string, reason: string): Problem => ({ line, column, reason });
  return [
    ...REQUIRED.filter((name) => !header.includes(name)).map((name) => problem(name, 'is missing')),
    ...header.flatMap((name, i) => {
      if (header.indexOf(name) < i) return [problem(name, 'is there twice')];
      return known.includes(name) ? [] : [problem(name, `is none of ${COLUMN_NAMES.join(', ')}`)];
    }),
  ];
}

function toLine(header: readonly string[], record: readonly string[], line: number): Line {
  if (record.length !== header.length) {
    const reason = `has ${record.length} cells, the header has ${header.length}: is a quote missing?`;
    return { line, reason };
  }
  const cells = header.map((name, i) => [name, record[i]] as const);
  // What the header has wrong has been said.
  const known = cells.filter(([name]) => (COLUMN_NAMES as readonly string[]).includes(name));
  return { line, raw: Object.fromEntries(known) };
}

function explain(error: CsvError): Problem {
  const line = Number(error['lines'] ?? 0);
  const reason = error.message.replace(/^[^:]*: /, '').replace(/ at line .*$/, '');
  return { line, reason: `cannot be read as CSV: ${reason}` };
}
