import type { Db } from '../db/client.ts';
import { uncancelled } from '../request-scope.ts';
import { cleanText } from '../typed-text.ts';
import type { ItemRow, Problem, RawItem } from './item-row.ts';
import { readItem } from './item-row.ts';
import type { Line } from './read-file.ts';
import type { Changes, StagedItem } from './import-repository.ts';
import type { Leftover } from './leftovers.ts';
import { Leftovers } from './leftovers.ts';
import { applyStage, dropStage, openStage, stage } from './import-repository.ts';
import { refreshTerms } from './repository.ts';

/** The first mistakes are told, up to this many; the rest is counted. */
const MAX_PROBLEMS = 100;
const BATCH = 500;
const MAX_ID = 64;

export interface Rejected {
  /** The first ones, in the order of their lines. */
  readonly problems: readonly Problem[];
  readonly count: number;
}

interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly onRead?: (lines: number) => void;
}

export type Imported =
  | { readonly changes: Changes; readonly leftovers: readonly Leftover[] }
  | { readonly rejected: Rejected };

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
  const stageId = openStage();
  try {
    const { leftovers, read, ...rejected } = await readInto(db, stageId, lines, options);
    options.signal?.throwIfAborted();
    if (rejected.count > 0) return { rejected };
    const applied = await applyStage(db, stageId, { count: read, limit: MAX_PROBLEMS });
    if ('conflicts' in applied) {
      return { rejected: { problems: applied.conflicts, count: applied.conflicts.length } };
    }
    const { changes } = applied;
    // The items are written whatever becomes of this: with an old list the words only find in another order.
    if (changes.added + changes.updated > 0) {
      await db.transaction((tx) => refreshTerms(tx)).catch(() => undefined);
    }
    return { changes, leftovers };
  } finally {
    // What cannot be deleted now, the sweeper deletes.
    await uncancelled(() => dropStage(db, stageId)).catch(() => undefined);
  }
}

interface Read extends Rejected {
  readonly leftovers: readonly Leftover[];
  /** The number of lines. */
  readonly read: number;
}

async function readInto(
  db: Db,
  stageId: string,
  lines: AsyncIterable<Line>,
  { signal, onRead }: ImportOptions,
): Promise<Read> {
  const leftovers = new Leftovers();
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
    } else if (count === 0) {
      batch.push({ line: each.line, item: found as ItemRow });
      leftovers.look(each, found as ItemRow);
    }
    if (batch.length >= BATCH) await stage(db, stageId, batch.splice(0));
    onRead?.(++read);
    signal?.throwIfAborted();
  }
  if (count === 0) await stage(db, stageId, batch);
  return { problems, count, leftovers: leftovers.all(), read };
}

function checkItem(
  { raw, ...place }: RawItem,
  seen: Map<string, number>,
): ItemRow | readonly Problem[] {
  const { line } = place;
  const read = readItem(line, raw);
  const item = 'id' in read ? read : read.map((problem) => ({ ...problem, ...place }));
  const { id: cell } = (raw ?? {}) as { readonly id?: unknown };
  const id = typeof cell === 'string' ? cleanText(cell) : '';
  if (id === '' || id.length > MAX_ID) return item;
  const first = seen.get(id);
  seen.set(id, first ?? line);
  if (first === undefined) return item;
  const problem = { ...place, column: 'id', reason: `${id} is on line ${first} already` };
  return 'id' in item ? [problem] : [problem, ...item.filter(({ column }) => column !== 'id')];
}
