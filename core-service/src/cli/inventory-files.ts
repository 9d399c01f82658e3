/** The commands on files. */
import { createReadStream, createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { createModels } from '../context.ts';
import { COLUMN_NAMES, toFileRow } from '../inventory/columns.ts';
import { allItems } from '../inventory/export-items.ts';
import { FileError } from '../inventory/file-kind.ts';
import { importInventory } from '../inventory/import-inventory.ts';
import type { Rejected } from '../inventory/import-items.ts';
import type { Leftover } from '../inventory/leftovers.ts';
import { readItems } from '../inventory/read-file.ts';
import { embedding, explainEmbedding, sayItWaits, sayWhoEmbeds } from './inventory-vectors.ts';
import { toSafeCell } from '../inventory/safe-cell.ts';
import type { SellerContext } from './run.ts';
import { quote } from '../typed-text.ts';
import { interrupted, progressBar, say, UsageError } from './run.ts';

export interface ImportOptions {
  /** The encoding of a file that is not in Unicode, by the name that TextDecoder has for it. */
  readonly encoding?: string;
}

/** @throws UsageError: what is at a URL is not read */
function checkPath(path: string): void {
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(path)) return;
  throw new UsageError(
    `${path} is a URL and no file; download it first, or give the path of the file alone`,
  );
}

export async function importFile(
  ctx: SellerContext,
  file: string,
  { encoding }: ImportOptions,
): Promise<void> {
  checkPath(file);
  const seller = { ...ctx, ...(await createModels(ctx.config, ctx.logger, sayItWaits)) };
  const signal = interrupted();
  const reading = progressBar('lines read');
  let isWritten = false;
  const { report, onProgress: onEmbedded } = embedding();
  const imported = await importInventory(seller, readFileOf(file, encoding), signal, {
    onRead: reading.at,
    onImported: ({ added, updated, unchanged }, leftovers) => {
      isWritten = true;
      reading.end();
      const name = file === '-' ? 'stdin' : file;
      say(`${name}: ${added} added, ${updated} updated, ${unchanged} as they were.`);
      for (const each of leftovers) warn(`${name}: ${describe(each)}`);
    },
    onEmbedded,
  }).catch((error: unknown) => {
    reading.end();
    if (isWritten) return explainEmbedding(error, signal.aborted);
    throw signal.aborted ? new UsageError('stopped; nothing was changed') : error;
  });
  reading.end();
  if ('rejected' in imported) throw new UsageError(explain(file, imported.rejected));
  if ('leftTo' in imported) await sayWhoEmbeds(ctx.db, imported.leftTo, seller.embedder.model);
  else report(imported, imported.model);
}

/** @param file undefined for stdout */
export async function exportFile({ db }: SellerContext, file: string | undefined): Promise<void> {
  if (file !== undefined) checkPath(file);
  const to: Writable = file === undefined ? process.stdout : createWriteStream(file);
  const rows = Readable.from(fileRows(db));
  const format = file?.endsWith('.jsonl')
    ? async function* (source: AsyncIterable<object>) {
        for await (const row of source) yield `${JSON.stringify(row)}\n`;
      }
    : stringify({
        header: true,
        columns: [...COLUMN_NAMES],
        cast: { boolean: String, string: toSafeCell },
        // Excel takes a file for UTF-8 by this mark; the next program in a pipe has no use for it.
        bom: file !== undefined,
      });
  try {
    await pipeline(rows, format, to, { end: file !== undefined });
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    // The program that read from us has seen enough, as `head` has.
    if (code === 'EPIPE' && file === undefined) return;
    throw path === undefined ? error : new UsageError(`${file} cannot be written: ${message}`);
  }
}

async function* fileRows(db: SellerContext['db']): AsyncGenerator<object> {
  for await (const item of allItems(db)) yield toFileRow(item);
}

async function* readFileOf(file: string, encoding?: string): ReturnType<typeof readItems> {
  try {
    yield* readItems(file === '-' ? process.stdin : createReadStream(file), encoding);
  } catch (error) {
    if (error instanceof FileError) {
      const name = file === '-' ? 'stdin' : file;
      throw new UsageError(`${name} ${error.message}; nothing was changed`);
    }
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new UsageError(`${file} cannot be read: ${message}`);
  }
}

const warn = (line: string): boolean => process.stderr.write(`${line}\n`);

function describe({ column, what, rows, example, ...place }: Leftover): string {
  const line = `on ${nameOf(place)}`;
  const where = rows === 1 ? line : `in ${rows} rows, the first ${line}`;
  return `${column} has ${what} ${where}, ${quote(example)}; it was kept as it is.`;
}

function explain(file: string, { problems, count }: Rejected): string {
  const lines = problems.map(
    ({ column, reason, ...place }) => `${nameOf(place)}${column ? `, ${column}` : ''}: ${reason}`,
  );
  if (count > problems.length) lines.push(`… and ${count - problems.length} more`);
  const mistakes = count === 1 ? '1 mistake' : `${count} mistakes`;
  return [...lines, `${file} has ${mistakes}; nothing was changed.`].join('\n');
}

const nameOf = ({ line, item }: Pick<Leftover, 'line' | 'item'>): string =>
  `line ${line}${item === undefined ? '' : `, item ${item}`}`;
