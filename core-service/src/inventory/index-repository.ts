/** The index of the vectors, by which searches find the nearest among many. */
import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { rootCause } from '../errors.ts';

/** The index is made afterwards when at least so many vectors come to few. */
const BULK = 2_000;
/** A search compares so many one by one in some tens of milliseconds. */
const FEW = 20_000;
const NOT_THE_OWNER = '42501';
/** A container has little shared memory, in which several workers would build the graph. */
const NO_SHARED_MEMORY: ReadonlySet<unknown> = new Set(['53100', '53200']);

/**
 * Takes the index of the vectors away before many are added: one at a time costs several times as much
 * as all together at the end. Searches compare the few that are there one by one.
 *
 * @returns whether it did; not where many are searched meanwhile, nor for who does not own the table
 */
export async function dropIndexFor(db: Db, coming: number): Promise<boolean> {
  const { rows } = await db.execute<{ there: number }>(
    sql`select count(*)::int as there from item_vectors`,
  );
  const there = rows[0]?.there ?? 0;
  if (coming < BULK || there > Math.min(FEW, coming)) return false;
  return await asOwner(() => db.execute(DROP));
}

const DROP = sql`drop index concurrently if exists item_vectors_embedding_idx`;

/**
 * Makes the index of the vectors where it is missing, as it is after a bulk load that was cut off, or was left half
 * made. Nobody waits for it who changes items meanwhile.
 *
 * @param db of one connection, with time for long statements
 */
export async function ensureIndex(db: Db): Promise<void> {
  const state = await stateOfIndex(db);
  if (state === 'whole' || state === 'growing') return;
  await asOwner(async () => {
    if (state === 'left') await db.execute(DROP);
    await build(db, 2).catch(async (error: unknown) => {
      if (!NO_SHARED_MEMORY.has(codeOf(error))) throw error;
      await db.execute(DROP);
      await build(db, 0);
    });
  });
}

/** What there is of it; `left` is one that its maker has left half made. */
async function stateOfIndex(db: Db): Promise<'missing' | 'whole' | 'growing' | 'left'> {
  const { rows } = await db.execute<{ whole: boolean; growing: boolean }>(sql`
    select indisvalid as whole, exists (
        select from pg_stat_progress_create_index as building where index_relid = indexrelid
      ) as growing
    from pg_index where indexrelid = to_regclass('item_vectors_embedding_idx')`);
  const [index] = rows;
  if (!index) return 'missing';
  if (index.whole) return 'whole';
  return index.growing ? 'growing' : 'left';
}

/** It is built outside a transaction, and so its settings hold for the session, and are taken back. */
async function build(db: Db, workers: number): Promise<void> {
  // A server without workers, as the embedded database, would give them a gigabyte all the same, once.
  await db.execute(sql`select set_config('maintenance_work_mem', '1GB', false),
    set_config('max_parallel_maintenance_workers',
      least(${workers}::int, current_setting('max_worker_processes')::int)::text, false)`);
  try {
    await db.execute(sql`create index concurrently if not exists item_vectors_embedding_idx
      on item_vectors using hnsw (embedding vector_cosine_ops)`);
  } finally {
    // A connection that broke has nothing to take back, and what broke it is to be told.
    for (const name of ['maintenance_work_mem', 'max_parallel_maintenance_workers']) {
      await db.execute(`reset ${name}`).catch(() => undefined);
    }
  }
}

/** @returns false where the table is somebody else's, who has to see to its index */
async function asOwner(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (codeOf(error) === NOT_THE_OWNER) return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return (rootCause(error) as { readonly code?: unknown }).code;
}
