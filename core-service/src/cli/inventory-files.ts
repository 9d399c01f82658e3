/** The commands on files, and on the whole inventory. */
import { createReadStream, createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { createModels } from '../context.ts';
import { DomainError } from '../errors.ts';
import { COLUMN_NAMES, toFileRow } from '../inventory/columns.ts';
import { embedInventory } from '../inventory/embed-inventory.ts';
import type { Embedded } from '../inventory/embed-items.ts';
import { allItems } from '../inventory/export-items.ts';
import { FileError } from '../inventory/file-kind.ts';
import { importInventory } from '../inventory/import-inventory.ts';
import type { Rejected } from '../inventory/import-items.ts';
import { readItems } from '../inventory/read-file.ts';
import { toSafeCell } from '../inventory/safe-cell.ts';
import type { SellerContext } from './run.ts';
import { interrupted, progressBar, say, UsageError } from './run.ts';

export interface ImportOptions {
  /** As TextDecoder names it, of a file that is not in Unicode. */
  readonly encoding?: string;
}

export async function importFile(
  ctx: SellerContext,
  file: string,
  { encoding }: ImportOptions,
): Promise<void> {
  const seller = { ...ctx, ...(await createModels(ctx.config, ctx.logger)) };
  const signal = interrupted();
  const reading = progressBar('lines read');
  let isWritten = false;
  const { report, onProgress: onEmbedded } = embedding(seller.embedder.model);
  const imported = await importInventory(seller, readFileOf(file, encoding), signal, {
    onRead: reading.at,
    onImported: ({ added, updated, unchanged }) => {
      isWritten = true;
      reading.end();
      const name = file === '-' ? 'stdin' : file;
      say(`${name}: ${added} added, ${updated} updated, ${unchanged} as they were.`);
    },
    onEmbedded,
  }).catch((error: unknown) => {
    reading.end();
    if (isWritten) return explainEmbedding(error, signal);
    throw signal.aborted ? new UsageError('stopped; nothing was changed') : error;
  });
  reading.end();
  if ('rejected' in imported) throw new UsageError(explain(file, imported.rejected));
  report(imported);
}

/** @param file undefined for stdout */
export async function exportFile({ db }: SellerContext, file: string | undefined): Promise<void> {
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

export async function reindex(ctx: SellerContext): Promise<void> {
  const seller = { ...ctx, ...(await createModels(ctx.config, ctx.logger)) };
  const signal = interrupted();
  const { report, onProgress } = embedding(seller.embedder.model);
  report(
    await embedInventory(seller, { signal, onProgress }).catch((error: unknown) =>
      explainEmbedding(error, signal),
    ),
  );
}

/** A bar while items are embedded, and the lines at the end. */
function embedding(model: string) {
  const started = performance.now();
  const bar = progressBar('embedded');
  const report = ({ count, refused }: Embedded): void => {
    bar.end();
    if (refused.length > 0) {
      const items = refused.length === 1 ? 'item' : 'items';
      const ids = refused.join(', ');
      say(`${refused.length} ${items} found by words alone, refused by the embedder: ${ids}`);
    }
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    say(
      count === 0 && refused.length === 0
        ? `Every item has a vector of ${model}.`
        : `${count} items embedded by ${model} in ${seconds} s.`,
    );
  };
  const onProgress = ({ done, of }: { readonly done: number; readonly of: number }): void =>
    bar.at(done, of);
  return { report, onProgress };
}

function explainEmbedding(error: unknown, signal: AbortSignal): never {
  const isEmbedder = error instanceof DomainError && error.reason === 'EMBEDDER_FAILED';
  if (!isEmbedder && !signal.aborted) throw error;
  const cause = isEmbedder ? (error.cause as Error).message : '';
  const why = signal.aborted ? 'stopped' : `the embedder failed: ${cause}`;
  throw new UsageError(`${why}; what has no vector is found by its words alone.
To go on from there: inventory reindex`);
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

function explain(file: string, { problems, count }: Rejected): string {
  const lines = problems.map(
    ({ line, column, reason }) => `line ${line}${column ? `, ${column}` : ''}: ${reason}`,
  );
  if (count > problems.length) lines.push(`… and ${count - problems.length} more`);
  const mistakes = count === 1 ? '1 mistake' : `${count} mistakes`;
  return [...lines, `${file} has ${mistakes}; nothing was changed.`].join('\n');
}
