/** The index of the vectors is made, and made again, beside those who change items. */
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { ensureIndex } from '../src/inventory/index-repository.ts';
import { readSeed, seedInventory } from '../src/inventory/seed.ts';
import { createLocalEmbedder } from '../src/llm/embedder.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { nativeUrl, startCore, startDatabase } from './core-harness.ts';

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database);
  await seedInventory(core.ctx.db, createLocalEmbedder(), await readSeed());
});
afterAll(async () => {
  await core.close();
  await database.close();
});

const isWhole = (): Promise<any[]> =>
  database.query(`select indisvalid as whole from pg_index
    where indexrelid = to_regclass('item_vectors_embedding_idx')`);

test('one that was left half made is made anew', async () => {
  await database.query(`update pg_index set indisvalid = false
    where indexrelid = 'item_vectors_embedding_idx'::regclass`);
  await core.ctx.inBulk(ensureIndex);
  expect(await isWhole()).toEqual([{ whole: true }]);
});

test('what it was made with is no setting of others', async () => {
  const settings = `select name, setting from pg_settings
    where name in ('maintenance_work_mem', 'max_parallel_maintenance_workers') order by name`;
  const before = await database.query(settings);
  await database.query('drop index item_vectors_embedding_idx');
  await core.ctx.inBulk(async (db) => {
    await ensureIndex(db);
    expect((await db.execute(settings)).rows).toEqual(before);
  });
  expect(await isWhole()).toEqual([{ whole: true }]);
});

test.runIf(nativeUrl)(
  'who changes items does not wait for it, and nobody makes it twice',
  async () => {
    await database.query('drop index item_vectors_embedding_idx');
    const release = await database.lock('item_vectors', 'row exclusive');
    onTestFinished(release);
    let isMade = false;
    const made = core.ctx.inBulk(ensureIndex).then(() => (isMade = true));
    const building = `select from pg_stat_activity where wait_event_type = 'Lock'
    and query like 'create index%' and datname = current_database()`;
    await vi.waitFor(async () => expect(await database.query(building)).toHaveLength(1), 30_000);
    await database.query(`delete from inventory_items where id = 'hostel_beta'`);
    // Another core finds it under way, and leaves it to who makes it.
    await core.ctx.inBulk(ensureIndex);
    expect(await database.query(building)).toHaveLength(1);
    expect(isMade).toBe(false);
    await release();
    await made;
    expect(await isWhole()).toEqual([{ whole: true }]);
  },
);
