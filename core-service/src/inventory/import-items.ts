import type { Db } from '../db/client.ts';
import { uncancelled } from '../request-scope.ts';
import type { ItemRow, Problem } from './item-row.ts';
import { readItem } from './item-row.ts';
import type { Line } from './read-file.ts';
import type { Changes, StagedItem } from './import-repository.ts';
import { applyStaged, dropStage, findConflicts, openStage, stage } from './import-repository.ts';
import { refreshTerms } from './repository.ts';

/** Of a file that is wrong all over the first ones will do. */
const MAX_PROBLEMS = 100;
const BATCH = 500;

export interface Rejected {
  /** The first ones, in the order of their lines. */
  readonly problems: readonly Problem[];
  readonly count: number;
}

interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly onRead?: (lines: number) => void;
}

export type Imported = { readonly changes: Changes } | { readonly rejected: Rejected };

/**
 * Writes items, all of them or, when one has a mistake, none; an item that exists is updated. They
 * can be found by their words at once, and by meaning when `embedItems` has been over them.
 *
 * @param db with time for long statements
 * @param options `onRead` is told how many lines have been read; `signal` stops it while it reads
 */
export async function importItems(
  db: Db,
  lines: AsyncIterable<Line>,
  options: ImportOptions = {},
): Promise<Imported> {
  const table = await openStage(db);
  try {
    const rejected = await readInto(db, table, lines, options);
    options.signal?.throwIfAborted();
    if (rejected.count > 0) return { rejected };
    const conflicts = await findConflicts(db, table, MAX_PROBLEMS);
    if (conflicts.length > 0) {
      return { rejected: { problems: conflicts, count: conflicts.length } };
    }
    const changes = await applyStaged(db, table);
    if (changes.added + changes.updated > 0) await refreshTerms(db);
    return { changes };
  } finally {
    await uncancelled(() => dropStage(db, table));
  }
}

async function readInto(
  db: Db,
  table: string,
  lines: AsyncIterable<Line>,
  { signal, onRead }: ImportOptions,
): Promise<Rejected> {
  const seen = new Map<string, number>();
  const problems: Problem[] = [];
  let count = 0;
  let batch: StagedItem[] = [];
  let read = 0;
  for await (const each of lines) {
    const found = 'raw' in each ? checkItem(each, seen) : [each];
    if (Array.isArray(found)) {
      count += found.length;
      problems.push(...found.slice(0, MAX_PROBLEMS - problems.length));
    } else if (count === 0) batch.push({ line: each.line, item: found as ItemRow });
    if (batch.length >= BATCH) await stage(db, table, batch.splice(0));
    onRead?.(++read);
    signal?.throwIfAborted();
  }
  if (count === 0) await stage(db, table, batch);
  return { problems, count };
}

function checkItem(
  { line, raw }: { readonly line: number; readonly raw: unknown },
  seen: Map<string, number>,
): ItemRow | readonly Problem[] {
  const item = readItem(line, raw);
  const { id } = (raw ?? {}) as { readonly id?: unknown };
  const first = typeof id === 'string' ? seen.get(id) : undefined;
  if (typeof id === 'string') seen.set(id, first ?? line);
  if (first === undefined) return item;
  const problem = { line, column: 'id', reason: `${String(id)} is on line ${first} already` };
  return 'id' in item ? [problem] : [problem, ...item.filter(({ column }) => column !== 'id')];
}
