/** Core behind PgBouncer in transaction mode: where there is a native Postgres and a `pgbouncer` on the PATH. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePortPair } from '../../dev/testing/free-ports.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, nativeUrl, startCore, startDatabase } from './core-harness.ts';

const hasPooler = spawnSync('pgbouncer', ['--version']).status === 0;
const BUYERS = 40;

/** It refuses to run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

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
max_prepared_statements = ${maxPreparedStatements}
ignore_startup_parameters = options,statement_timeout,lock_timeout,idle_in_transaction_session_timeout
`,
  );
  const pooler = spawn('pgbouncer', [file], { ...NOBODY, stdio: ['ignore', 'ignore', 'pipe'] });
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
  },
);
