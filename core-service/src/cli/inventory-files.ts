/** The commands on files, and on the whole inventory. */
import { createReadStream, createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { createModels } from '../context.ts';
import { embedItems } from '../inventory/embed-items.ts';
import { allItems, toFileRow } from '../inventory/export-items.ts';
import type { Rejected } from '../inventory/import-items.ts';
import { importItems } from '../inventory/import-items.ts';
import { COLUMNS } from '../inventory/item-row.ts';
import { readItems } from '../inventory/read-file.ts';
import type { SellerContext } from './run.ts';
import { interrupted, progressBar, say, UsageError } from './run.ts';

export async function importFile(ctx: SellerContext, file: string): Promise<void> {
  const signal = interrupted();
  const bar = progressBar('lines read');
  const imported = await importItems(ctx.db, readFileOf(file), { signal, onRead: bar.at }).catch(
    (error: unknown) => {
      throw signal.aborted ? new UsageError('stopped; nothing was changed') : error;
    },
  );
  bar.end();
  if ('rejected' in imported) throw new UsageError(explain(file, imported.rejected));
  const { added, updated, unchanged } = imported.changes;
  say(
    `${file === '-' ? 'stdin' : file}: ${added} added, ${updated} updated, ${unchanged} as they were.`,
  );
  await embed(ctx, signal);
}

/** @param file undefined for stdout */
export async function exportFile({ db }: SellerContext, file: string | undefined): Promise<void> {
  const to: Writable = file === undefined ? process.stdout : createWriteStream(file);
  const rows = Readable.from(fileRows(db));
  const format = file?.endsWith('.jsonl')
    ? async function* (source: AsyncIterable<object>) {
        for await (const row of source) yield `${JSON.stringify(row)}\n`;
      }
    : stringify({ header: true, columns: [...COLUMNS], cast: { boolean: String } });
  try {
    await pipeline(rows, format, to, { end: file !== undefined });
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    // Whoever read from us has seen enough, as `head` has.
    if (code === 'EPIPE' && file === undefined) return;
    throw path === undefined ? error : new UsageError(`${file} cannot be written: ${message}`);
  }
}

export async function reindex(ctx: SellerContext): Promise<void> {
  await embed(ctx, interrupted());
}

async function embed(ctx: SellerContext, signal: AbortSignal): Promise<void> {
  const { embedder } = await createModels(ctx.config, ctx.logger);
  const started = performance.now();
  const bar = progressBar('embedded');
  const { count, refused } = await embedItems(ctx.db, embedder, {
    signal,
    onProgress: ({ done, of }) => bar.at(done, of),
  }).catch((error: unknown) => {
    bar.end();
    const why = signal.aborted ? 'stopped' : `the embedder failed: ${(error as Error).message}`;
    throw new UsageError(`${why}; what has no vector is found by its words alone.
To go on from there: inventory reindex`);
  });
  bar.end();
  if (refused.length > 0) {
    const items = refused.length === 1 ? 'item' : 'items';
    say(
      `${refused.length} ${items} found by words alone, refused by the embedder: ${refused.join(', ')}`,
    );
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  say(
    count === 0 && refused.length === 0
      ? `Every item has a vector of ${embedder.model}.`
      : `${count} items embedded by ${embedder.model} in ${seconds} s.`,
  );
}

async function* fileRows(db: SellerContext['db']): AsyncGenerator<object> {
  for await (const item of allItems(db)) yield toFileRow(item);
}

async function* readFileOf(file: string): ReturnType<typeof readItems> {
  try {
    yield* readItems(file === '-' ? process.stdin : createReadStream(file));
  } catch (error) {
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
