/** Core behind PgBouncer in transaction mode: where there is a native Postgres and a `pgbouncer` on the PATH. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePortPair } from '../../dev/testing/free-ports.ts';
import { openDatabase } from '../src/db/client.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import { importItems } from '../src/inventory/import-items.ts';
import { createLogger } from '../src/logger.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, nativeUrl, startCore, startDatabase } from './core-harness.ts';

const hasPooler = spawnSync('pgbouncer', ['--version']).status === 0;
const BUYERS = 40;

/** @returns the database's URL through a pooler of three connections */
async function startPooler(databaseUrl: string, maxPreparedStatements: number): Promise<string> {
  const port = await freePortPair();
  const { hostname, port: to, username, password, pathname } = new URL(databaseUrl);
  const folder = mkdtempSync(join(tmpdir(), 'aura-pooler-'));
  chmodSync(folder, 0o755);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${to} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
server_round_robin = 1
max_prepared_statements = ${maxPreparedStatements}
ignore_startup_parameters = options,statement_timeout,lock_timeout,idle_in_transaction_session_timeout
${process.getuid?.() === 0 ? 'user = nobody' : ''}
`,
  );
  const pooler = spawn('pgbouncer', [file], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(async () => {
    pooler.kill('SIGKILL');
    await once(pooler, 'close');
    rmSync(folder, { recursive: true });
  });
  for await (const line of createInterface({ input: pooler.stderr })) {
    if (line.includes('process up')) break;
  }
  pooler.stderr.resume();
  return `postgres://aura@127.0.0.1:${port}${pathname}`;
}

describe.runIf(nativeUrl && hasPooler)(
  'through a pooler that gives each transaction another session',
  () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await startDatabase();
      await addItem(database, { id: 'desk', base: 90_000, floor: 60_000, quantity: 5 });
      await addItem(database, { id: 'lamp', base: 90_000, floor: 60_000 });
    });
    afterAll(() => database.close());

    test.each([
      ['keeps prepared statements', 100],
      ['keeps none', 0],
    ])('which %s, all bids are answered and nothing is sold twice', async (_what, prepared) => {
      await database.query('truncate reservations, negotiation_rounds, negotiation_sessions');
      const core = await startCore({ url: await startPooler(database.url, prepared) });
      onTestFinished(() => core.close());
      const bid = (i: number, itemId: string, bidAmount: number, requestId = '') =>
        core.negotiate({ itemId, bidAmount, requestId, agent: { did: `did:example:${i}` } });

      const low = await Promise.all(
        Array.from({ length: BUYERS }, (_, i) => bid(i, 'lamp', 500, i % 2 ? `key-${i}` : '')),
      );
      expect(low.every(({ countered }) => countered)).toBe(true);
      const full = await Promise.all(Array.from({ length: BUYERS }, (_, i) => bid(i, 'desk', 900)));
      expect(full.filter(({ accepted }) => accepted)).toHaveLength(5);
      expect(
        full.filter(({ rejected }) => rejected?.reasonCode === 'ITEM_UNAVAILABLE'),
      ).toHaveLength(BUYERS - 5);
      expect(await database.query('select count(*)::int n from reservations')).toEqual([{ n: 5 }]);
    });

    test('an empty database is migrated, by several at once, and an inventory is imported', async () => {
      const empty = await startDatabase({ migrated: false });
      onTestFinished(() => empty.close());
      const url = await startPooler(empty.url, 100);
      await Promise.all(Array.from({ length: 3 }, () => migrateDatabase(url)));
      // The limits of requests, which a role or a database has behind a pooler.
      const name = new URL(url).pathname.slice(1);
      await empty.query(`alter database ${name} set statement_timeout = '5s'`);
      const logger = createLogger({ level: 'silent', service: 'test' });
      const opened = openDatabase({ url, poolSize: 1, bulk: true }, logger);
      onTestFinished(() => opened.close());
      const { db } = opened;
      const raw = { name: 'Desk', price: '10', floor: '5', currency: 'USD', description: 'Wood.' };
      const lines = async function* () {
        for (let line = 1; line <= 1_200; line++)
          yield { line, raw: { ...raw, id: `desk-${line}` } };
      };
      expect(await importItems(db, lines())).toMatchObject({ changes: { added: 1_200 } });
      expect(await empty.query('select from inventory_items')).toHaveLength(1_200);
      const limit = await db.transaction((tx) => tx.execute('show statement_timeout'));
      expect(limit.rows).toEqual([{ statement_timeout: '0' }]);
    });
  },
);
