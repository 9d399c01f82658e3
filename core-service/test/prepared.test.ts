/** Statements that each connection keeps prepared, and what happens where it has lost them. */
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../src/db/client.ts';
import type { Placeholders } from '../src/db/prepared.ts';
import { prepared, preparedSql } from '../src/db/prepared.ts';
import { inventoryItems } from '../src/db/schema.ts';
import { createLogger } from '../src/logger.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startDatabase } from './core-harness.ts';

const logger = createLogger({ level: 'silent', service: 'test' });

const findItem = prepared('find_item', (db, { id }: Placeholders<{ id: string }>) =>
  db
    .select({ name: inventoryItems.name, baseMinor: inventoryItems.basePriceMinor })
    .from(inventoryItems)
    .where(eq(inventoryItems.id, id)),
);
const readAll = preparedSql(
  'read_all',
  ({ least }: Placeholders<{ least: number }>) => sql`
  select * from shelf where place >= ${least} order by place`,
);

const desk = [{ name: 'Desk', baseMinor: 9_000 }];
const lamp = [{ name: 'Lamp', baseMinor: 4_000 }];

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', name: 'Desk', base: 9_000, floor: 6_000 });
  await addItem(database, { id: 'lamp', name: 'Lamp', base: 4_000, floor: 3_000 });
});
afterAll(() => database.close());

/** A pool of one connection, so that what is done to it is done to the next statement's. */
function open({ bulk = false } = {}) {
  const opened = openDatabase({ url: database.url, poolSize: 1, bulk }, logger);
  onTestFinished(() => opened.close());
  return opened.db;
}

const KEPT = `select name from pg_prepared_statements where name like '%find_item' order by name`;
const kept = async (db: ReturnType<typeof open>) => (await db.execute(KEPT)).rows;

test('each call has its own values, and the connection keeps the statement', async () => {
  const db = open();
  const before = await kept(db);
  expect(await findItem(db, { id: 'desk' })).toEqual(desk);
  expect(await findItem(db, { id: 'lamp' })).toEqual(lamp);
  expect(await findItem(db, { id: 'none' })).toEqual([]);
  const inside = await db.transaction((tx) => findItem(tx, { id: 'lamp' }));
  expect(inside).toEqual(lamp);
  expect(await kept(db)).toHaveLength(before.length + 1);
});

test('connections that share one session do not share names', async () => {
  for (const db of [open(), open(), open()]) {
    expect(await findItem(db, { id: 'desk' })).toEqual(desk);
    expect(await db.transaction((tx) => findItem(tx, { id: 'desk' }))).toEqual(desk);
  }
});

test('bulk work leaves nothing behind', async () => {
  const db = open({ bulk: true });
  const before = await kept(db);
  expect(await findItem(db, { id: 'desk' })).toEqual(desk);
  expect(await db.transaction((tx) => findItem(tx, { id: 'desk' }))).toEqual(desk);
  expect(await kept(db)).toEqual(before);
});

describe.each(['discard all', 'deallocate all'])('after %s', (command) => {
  test('a statement is prepared anew', async () => {
    const db = open();
    await findItem(db, { id: 'desk' });
    await db.execute(command);
    expect(await findItem(db, { id: 'lamp' })).toEqual(lamp);
  });

  test('a transaction is begun anew, and what it had done is not done twice', async () => {
    const db = open();
    await db.execute('drop table if exists done; create table done (x int)');
    await findItem(db, { id: 'desk' });
    await db.execute(command);
    const found = await db.transaction(async (tx) => {
      await tx.execute('insert into done values (1)');
      return await findItem(tx, { id: 'lamp' });
    });
    expect(found).toEqual(lamp);
    expect((await db.execute('select * from done')).rows).toEqual([{ x: 1 }]);
  });
});

test.each([
  ['alter column place type bigint', { place: '2' }],
  ['add column width int', { place: 2, width: null }],
])('a table is read as it is now: %s', async (change, row) => {
  const db = open();
  await db.execute('drop table if exists shelf; create table shelf (place int)');
  await db.execute('insert into shelf values (1), (2)');
  await readAll(db, { least: 1 });
  await db.execute(`alter table shelf ${change}`);
  expect((await readAll(db, { least: 2 })).rows).toEqual([row]);
});

test('a wrong value is a mistake of the caller, and spoils nothing', async () => {
  const db = open();
  await db.execute('drop table if exists shelf; create table shelf (place int)');
  await expect(readAll(db, { least: 'much' as unknown as number })).rejects.toThrow('Failed query');
  await expect(readAll(db, { least: 1 })).resolves.toMatchObject({ rowCount: 0 });
});
