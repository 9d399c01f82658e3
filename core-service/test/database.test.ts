import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { migrateDatabase } from '../src/db/migrate.ts';
import { needsSeed, readSeed, seedInventory } from '../src/inventory/seed.ts';
import { createLocalEmbedder } from '../src/llm/embedder.ts';
import { CLI, runAsProcess, runInProcess } from './command-line.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, nativeUrl, startCore, startDatabase } from './core-harness.ts';

const DRIZZLE = new URL('../drizzle', import.meta.url);
const MIGRATIONS = readdirSync(DRIZZLE).filter((file) => file.endsWith('.sql')).length;
const embedder = createLocalEmbedder();

const envOf = (url: string) => ({ DATABASE_URL: url, MISTRAL_API_KEY: '' });
const runCli = (url: string, ...args: string[]) => runInProcess(['db', ...args], envOf(url));

async function countMigrations(of: TestDatabase): Promise<number> {
  const rows = await of.query('select count(*)::int n from drizzle.__drizzle_migrations');
  return rows[0].n;
}

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

describe('migrating', () => {
  test.runIf(nativeUrl).each([
    ['processes', (url: string) => runAsProcess(['db', 'migrate'], envOf(url))],
    ['clients', (url: string) => migrateDatabase(url)],
  ])('an empty database by five %s at once', async (_name, migrate) => {
    const empty = await startDatabase({ migrated: false });
    const runs = await Promise.allSettled(Array.from({ length: 5 }, () => migrate(empty.url)));
    expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'fulfilled'));
    expect(await countMigrations(empty)).toBe(MIGRATIONS);
    await empty.close();
  });

  test('again changes nothing', async () => {
    await addItem(database, { id: 'desk', base: 5_000, floor: 4_000 });
    await migrateDatabase(database.url);
    expect(await countMigrations(database)).toBe(MIGRATIONS);
    expect(await database.query('select id from inventory_items')).toEqual([{ id: 'desk' }]);
  });
});

describe('seeding', () => {
  let core: Core;
  const seed = async () => seedInventory(core.ctx.db, embedder, await readSeed());
  const rows = (): Promise<any[]> =>
    database.query(`select id, base_price_minor::int base, floor_price_minor::int floor, active,
      model, vector_norm(item_vectors.embedding) norm
      from inventory_items left join item_vectors on item_id = id order by id`);

  beforeAll(async () => {
    await database.query('delete from inventory_items');
    core = await startCore(database);
  });
  afterAll(() => core.close());

  test('an empty inventory gives 60 searchable items', async () => {
    expect(await needsSeed(core.ctx.db)).toBe(true);
    expect(await seed()).toBe(60);
    expect(await needsSeed(core.ctx.db)).toBe(false);
    const items = await rows();
    expect(items).toHaveLength(60);
    for (const item of items) {
      expect(item).toMatchObject({ active: true, model: embedder.model });
      expect(item.norm).toBeCloseTo(1, 5);
    }
  });

  test('again restores what was changed, and keeps what is not its own', async () => {
    const before = await rows();
    await database.query(`update inventory_items set base_price_minor = 99999, active = false
      where id = 'hostel_beta'`);
    await database.query(`delete from item_vectors where item_id = 'hostel_beta'`);
    await addItem(database, { id: 'mine', base: 5_000, floor: 4_000, active: false });
    expect(await seed()).toBe(60);
    const after = await rows();
    expect(after.filter(({ id }) => id !== 'mine')).toEqual(before);
    expect(after.find(({ id }) => id === 'mine')).toMatchObject({ base: 5_000, active: false });
  });

  test('by the command says how many, and where it needs nothing, nothing', async () => {
    expect((await runCli(database.url, 'seed')).stdout).toContain('60 items');
    expect((await runCli(database.url, 'seed', '--if-needed')).stdout).toBe('');
  });

  test('where it needs nothing but vectors, makes these and adds no sample', async () => {
    await database.query(`delete from inventory_items where id like 'h%'`);
    await database.query(`delete from item_vectors where item_id like 'r%'`);
    const { stdout } = await runCli(database.url, 'seed', '--if-needed');
    expect(stdout).toBe(`4 items were embedded by ${embedder.model}.\n`);
    expect((await rows()).filter(({ id }) => id.startsWith('h'))).toEqual([]);
  });

  test('leaves an inventory of another embedder as it is, and says how to change that', async () => {
    await database.query(`update item_vectors set model = 'other'`);
    await database.query(`delete from item_vectors where item_id like 'r%'`);
    const before = await rows();
    for (const args of [['seed', '--if-needed'], ['prepare']] as const) {
      const { stdout } = await runCli(database.url, ...args);
      expect(stdout).toContain(
        `4 items have no vector yet: the inventory is embedded by other, and here is only ${embedder.model}.`,
      );
      expect(stdout).toContain(
        `embedded by other, and core by ${embedder.model}: a search is a 409 REINDEX_REQUIRED. To embed it anew: inventory reindex\n`,
      );
      expect(await rows()).toEqual(before);
    }
  });
});

describe('the command', () => {
  test.runIf(nativeUrl)('waits until somebody else has migrated, and ends then', async () => {
    const empty = await startDatabase({ migrated: false });
    onTestFinished(() => empty.close());
    const env = { ...process.env, DATABASE_URL: empty.url };
    const waiting = spawn(process.execPath, [CLI, 'db', 'wait'], { env });
    onTestFinished(() => void waiting.kill('SIGKILL'));
    const ended = once(waiting, 'exit');
    const [first] = await once(waiting.stdout, 'data');
    expect(String(first)).toBe('The database does not have the schema of this release yet.\n');
    expect(waiting.exitCode).toBeNull();
    const rest = once(waiting.stdout, 'data');
    await migrateDatabase(empty.url);
    expect(String(await rest)).toBe('The database has the schema of this release.\n');
    expect(await ended).toEqual([0, null]);
  });

  test('has nothing to wait for in a database of this release, or of a later one', async () => {
    const now = 'The database has the schema of this release.\n';
    expect((await runCli(database.url, 'wait')).stdout).toBe(now);
    await database.query(`insert into drizzle.__drizzle_migrations (hash, created_at)
      select 'later', max(created_at) + 1 from drizzle.__drizzle_migrations`);
    expect((await runCli(database.url, 'wait')).stdout).toBe(now);
  });

  test('prepares an empty database, and finds nothing to do the next time', async () => {
    const empty = await startDatabase({ migrated: false });
    onTestFinished(() => empty.close());
    const first = await runAsProcess(['db', 'prepare'], envOf(empty.url));
    expect(first.stdout).toContain('60 items are in the inventory');
    const again = await runCli(empty.url, 'prepare');
    expect(again.stdout).toBe('The database has the newest schema.\n');
  });

  test.each([
    [
      'a database that is not there',
      'postgres://u:hunter2@127.0.0.1:1/x',
      'migrate',
      /ECONNREFUSED/,
    ],
    ['the same when seeding', 'postgres://u:hunter2@127.0.0.1:1/x', 'seed', /ECONNREFUSED/],
    ['a bad variable', 'mysql://u:hunter2@db', 'migrate', /^DATABASE_URL /],
    ['a bad variable when waiting', 'mysql://u:hunter2@db', 'wait', /^DATABASE_URL /],
  ])('fails over %s in one line', async (_name, url, word, line) => {
    const failed = await runCli(url, word);
    expect(failed).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(line) });
    const { stderr } = failed;
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/hunter2|select|insert/);
  });
});

test('a word that is no command changes nothing, and the usage is told', async () => {
  expect(await runCli('postgres://db/x', 'drop')).toEqual({
    code: 1,
    stdout: '',
    stderr: "unknown command 'drop'\nusage: db [options] [command]\n",
  });
});

test('the tables refuse what must never be', async () => {
  const bad = { id: 'bad', base: 5_000, floor: 4_000 };
  await expect(addItem(database, { ...bad, floor: 5_001 })).rejects.toThrow('prices');
  await expect(addItem(database, { ...bad, floor: 0 })).rejects.toThrow('prices');
  await expect(addItem(database, { ...bad, currency: 'usd' })).rejects.toThrow('currency');
  await expect(addItem(database, { ...bad, id: 'no spaces' })).rejects.toThrow('items_id');
});
