import { setImmediate } from 'node:timers/promises';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startFaultProxyFor } from '../../dev/faults/fault-proxy.ts';
import { requestScope } from '../src/request-scope.ts';
import { openDatabase } from '../src/db/client.ts';
import { fromDatabase } from '../src/db/faults.ts';
import { asDomainError, DomainError } from '../src/errors.ts';
import { createLogger } from '../src/logger.ts';
import type { TestDatabase } from './core-harness.ts';
import { nativeUrl, startDatabase } from './core-harness.ts';

const logger = createLogger({ level: 'silent', service: 'test' });

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

function open(url: string, poolSize = 1) {
  const opened = openDatabase({ url, poolSize }, logger);
  onTestFinished(() => opened.close());
  return opened;
}

async function faultOf(statement: Promise<unknown>): Promise<string | undefined> {
  const [result] = await Promise.allSettled([statement]);
  return result.status === 'rejected' ? asDomainError(result.reason)?.reason : 'no fault';
}

test.each([
  ['nobody listens', 'postgres://u:p@127.0.0.1:1/x'],
  ['no such host', 'postgres://u:p@aura.invalid/x'],
])('%s: unavailable', async (_name, url) => {
  expect(await faultOf(open(url).db.execute('select 1'))).toBe('DATABASE_UNAVAILABLE');
});

test('a connection that nobody gives back: overloaded at the deadline, and the ping has one of its own', async () => {
  const opened = open(database.url);
  const { db } = opened;
  const until = (ms: number) => ({
    requestId: 'r',
    signal: new AbortController().signal,
    deadlineAt: Date.now() + ms,
  });
  await db.transaction(async () => {
    const late = requestScope.run(until(1_500), () => faultOf(db.execute('select 1')));
    expect(await late).toBe('OVERLOADED');
    // The embedded database has one session, which a transaction keeps from everybody.
    expect(nativeUrl ? await faultOf(opened.ping()) : 'no fault').toBe('no fault');
  });
  expect(await faultOf(db.execute('select 1'))).toBe('no fault');
});

test('who waits while the database goes away is told so, and not at the deadline', async () => {
  const proxy = await startFaultProxyFor(database.url);
  onTestFinished(() => proxy.close());
  const opened = open(proxy.through(database.url));
  const { db } = opened;
  const lost = db.transaction(async (tx) => {
    await tx.execute('select 1');
    const waiting = faultOf(db.execute('select 1'));
    await vi.waitFor(() => expect(opened.connections().waiting).toBe(1), 30_000);
    await proxy.set('refuse');
    expect(await waiting).toBe('DATABASE_UNAVAILABLE');
    await tx.execute('select 1');
  });
  expect(await faultOf(lost)).toBe('DATABASE_UNAVAILABLE');
});

test('a busy connection is waited for, longer than a database may take to answer', async () => {
  const { db } = open(database.url);
  await db.execute(`create or replace function work() returns int language plpgsql as $$
    begin for i in 1..8000000 loop end loop; return 1; end $$`);
  const waiting = Array.from({ length: 12 }, () => faultOf(db.execute('select work()')));
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['no fault']));
});

test('a process that stood still for a second does not take its database for gone', async () => {
  const opened = open(database.url);
  await opened.ping();
  const answer = faultOf(opened.ping());
  // The statement is sent before the process stands still, and its answer has come when it goes on.
  await setImmediate();
  const until = performance.now() + 1_000;
  while (performance.now() < until);
  expect(await answer).toBe('no fault');
});

test('a wrong statement is a bug and no fault of the database', async () => {
  const { db } = open(database.url);
  expect(await faultOf(db.execute('select 1 / 0'))).toBeUndefined();
  expect(await faultOf(db.execute('select * from nowhere'))).toBeUndefined();
  expect(fromDatabase('a string')).toBe('a string');
});

test.each([
  ['ECONNRESET', 'DATABASE_UNAVAILABLE'],
  ['EHOSTUNREACH', 'DATABASE_UNAVAILABLE'],
  ['ENETUNREACH', 'DATABASE_UNAVAILABLE'],
  ['53300', 'DATABASE_UNAVAILABLE'],
  ['57P03', 'DATABASE_UNAVAILABLE'],
  ['08006', 'DATABASE_UNAVAILABLE'],
  ['57014', 'DATABASE_TIMEOUT'],
  ['23505', undefined],
  ['22P02', undefined],
])('an error with the code %s is %s, however deep', (code, reason) => {
  const cause = Object.assign(new Error('at the bottom'), { code });
  const error = new Error('Failed query', { cause: new Error('between', { cause }) });
  expect(asDomainError(fromDatabase(error))?.reason).toBe(reason);
});

test('a refusal inside a transaction is rolled back, and its connection is kept', async () => {
  const opened = open(database.url);
  const { db } = opened;
  await db.execute('create table if not exists refused (x int)');
  const refused = db.transaction(async (tx) => {
    await tx.execute('insert into refused values (1)');
    throw new DomainError('conflict', 'REFUSED', 'not this one');
  });
  expect(await faultOf(refused)).toBe('REFUSED');
  expect(opened.connections().total).toBe(1);
  expect((await db.execute('select * from refused')).rows).toEqual([]);
});

test('a transaction whose database was lost gives no connection back to the pool', async () => {
  const proxy = await startFaultProxyFor(database.url);
  onTestFinished(() => proxy.close());
  const opened = open(proxy.through(database.url));
  const { db } = opened;
  const lost = db.transaction(async (tx) => {
    await tx.execute('select 1');
    await proxy.set('reset');
    await tx.execute('select 1');
  });
  expect(await faultOf(lost)).toBe('DATABASE_UNAVAILABLE');
  expect(opened.connections().total).toBe(0);
});

describe.runIf(nativeUrl)('a native Postgres', () => {
  test('is slow to begin a session: its caller waits, and is not told that it is gone', async () => {
    const opened = open(database.url, 2);
    await opened.ping();
    // Each new connection of the pool takes two seconds from here on; the probe has its own already.
    await database.query(`create function tarry() returns event_trigger language plpgsql as $$
      begin
        if current_setting('application_name') = 'aura-core' then perform pg_sleep(2); end if;
      end $$`);
    await database.query('create event trigger tarry on login execute function tarry()');
    onTestFinished(async () => {
      await database.query('drop event trigger tarry');
    });
    expect(await faultOf(opened.db.execute('select 1'))).toBe('no fault');
  });

  test('cancels a statement that takes too long', async () => {
    const { db } = open(database.url);
    await db.execute('set statement_timeout = 20');
    expect(await faultOf(db.execute('select pg_sleep(60)'))).toBe('DATABASE_TIMEOUT');
  });

  test('is told by the pool that it took too long', async () => {
    const pool = new Pool({ connectionString: database.url, max: 1, query_timeout: 20 });
    const late = await pool.query('select pg_sleep(0.5)').catch((error: unknown) => error);
    expect(asDomainError(fromDatabase(late))?.reason).toBe('DATABASE_TIMEOUT');
    await pool.end();
  });

  test('ends a connection in the middle of a statement: unavailable, then well again', async () => {
    const { db } = open(database.url);
    const { rows } = await db.execute<{ pid: number }>('select pg_backend_pid() as pid');
    const running = faultOf(db.execute('select pg_sleep(60)'));
    await database.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    expect(await running).toBe('DATABASE_UNAVAILABLE');
    expect(await faultOf(db.execute('select 1'))).toBe('no fault');
  });

  test('ends a connection between two statements of a transaction: the next one fails', async () => {
    const { db } = open(database.url);
    const broken = db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ pid: number }>('select pg_backend_pid() as pid');
      await database.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
      await vi.waitFor(async () => {
        const alive = 'select 1 from pg_stat_activity where pid = $1';
        expect(await database.query(alive, [rows[0]!.pid])).toEqual([]);
      }, 30_000);
      return await tx.execute('select 1');
    });
    expect(await faultOf(broken)).toBe('DATABASE_UNAVAILABLE');
    expect(await faultOf(db.execute('select 1'))).toBe('no fault');
  });

  test('swallows the beginning of a transaction: its connection is not lost to the pool', async () => {
    const proxy = await startFaultProxyFor(database.url);
    onTestFinished(() => proxy.close());
    const opened = open(proxy.through(database.url), 2);
    expect(await faultOf(opened.db.execute('select 1'))).toBe('no fault');
    await proxy.set('black_hole');
    const begun = faultOf(opened.db.transaction((tx) => tx.execute('select 1')));
    expect(await begun).toBe('DATABASE_TIMEOUT');
    await proxy.set('none');
    expect(await faultOf(opened.db.execute('select 1'))).toBe('no fault');
    expect(opened.connections()).toEqual({ total: 1, waiting: 0 });
  });

  test('rolls back what throws, and goes on with the connection', async () => {
    const { db } = open(database.url);
    await db.execute('create temporary table kept (x int)');
    const thrown = db.transaction(async (tx) => {
      await tx.execute('insert into kept values (1)');
      throw new Error('of ours');
    });
    await expect(thrown).rejects.toThrow('of ours');
    // Temporary: on another connection it would not be there at all.
    expect((await db.execute('select * from kept')).rows).toEqual([]);
  });

  test.each([
    ['statement_timeout', '5s'],
    ['lock_timeout', '2s'],
    ['idle_in_transaction_session_timeout', '2s'],
  ])('has the %s that every connection asks for', async (name, value) => {
    const { rows } = await open(database.url).db.execute(`show ${name}`);
    expect(rows).toEqual([{ [name]: value }]);
  });

  test('commits nothing for a caller who left between two statements', async () => {
    const { db } = open(database.url);
    await db.execute('create table if not exists kept (x int)');
    const leaving = new AbortController();
    const scope = { requestId: 'r', signal: leaving.signal, deadlineAt: Number.MAX_SAFE_INTEGER };
    const left = requestScope.run(scope, () =>
      db.transaction(async (tx) => {
        await tx.execute('insert into kept values (1)');
        leaving.abort();
      }),
    );
    expect(await faultOf(left)).toBe('CANCELLED');
    expect((await db.execute('select * from kept')).rows).toEqual([]);
  });

  test('that is out of reach keeps no connection from the pool for a caller who left', async () => {
    const proxy = await startFaultProxyFor(database.url);
    onTestFinished(() => proxy.close());
    const opened = open(proxy.through(database.url));
    await opened.db.execute('select 1');
    const leaving = new AbortController();
    const scope = { requestId: 'r', signal: leaving.signal, deadlineAt: Number.MAX_SAFE_INTEGER };
    await proxy.set('black_hole');
    const left = requestScope.run(scope, () => faultOf(opened.db.execute('select 1')));
    // Until the statement is on its way.
    for (let ticks = 0; ticks < 5; ticks++) await setImmediate();
    leaving.abort();
    // Long before the timeout of the statement.
    await vi.waitFor(() => expect(opened.connections().total).toBe(0), 4_500);
    expect(await left).toBe('CANCELLED');
  });
});
