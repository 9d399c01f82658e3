/** The embedded database as a process, which does nothing else while it has somebody's long statement. */
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Part } from '../../dev/local-stack/part.ts';
import { makeDataDir } from '../../dev/testing/database.ts';
import { openDatabase } from '../src/db/client.ts';
import { asDomainError } from '../src/errors.ts';
import { createLogger } from '../src/logger.ts';
import { requestScope } from '../src/request-scope.ts';
import { startCore } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const logger = createLogger({ level: 'silent', service: 'test' });

let dataDir: string;
let database: Part;
let url: string;
beforeAll(async () => {
  dataDir = await makeDataDir();
  const env = { ...process.env, DATA_DIR: dataDir };
  database = new Part('database', 'dev', ['local-stack/database.ts'], env, () => undefined);
  url = (await database.started()).url as string;
});
afterAll(async () => {
  await database?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Keeps the database busy. @returns when the statement is on its way; `ended` comes with its answer */
async function hold(seconds: number): Promise<{ readonly ended: Promise<unknown> }> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const ended = client.query(`do $$
    declare until timestamptz := clock_timestamp() + interval '${seconds} s';
    begin while clock_timestamp() < until loop end loop; end $$`);
  const { stream } = (client as unknown as { connection: { stream: NodeJS.WritableStream } })
    .connection;
  await new Promise((resolve) => stream.write('', resolve));
  return { ended: ended.finally(() => client.end()) };
}

function open() {
  const opened = openDatabase({ url, poolSize: 1 }, logger);
  onTestFinished(() => opened.close());
  /** What becomes of a statement whose caller waits so many milliseconds. */
  const ask = (ms: number) => {
    const call = {
      requestId: 'r',
      signal: new AbortController().signal,
      deadlineAt: Date.now() + ms,
    };
    const asked = requestScope.run(call, async () => await opened.db.execute('select 1'));
    return asked.then(() => 'served', asDomainError);
  };
  return { ...opened, ask };
}

const OVERLOADED = { reason: 'OVERLOADED', retryAfterSeconds: expect.any(Number) };
const UNAVAILABLE = { reason: 'DATABASE_UNAVAILABLE' };

test('callers of a busy database wait until their deadlines, and it is not taken for gone', async () => {
  const { ended } = await hold(2.5);
  const opened = open();
  const patient = opened.ask(30_000);
  const outcomes = [1_000, 1_100, 1_200].map((ms) => opened.ask(ms));
  await opened.ping();
  expect(await Promise.all(outcomes)).toMatchObject([OVERLOADED, OVERLOADED, OVERLOADED]);
  await opened.ping();
  expect(opened.connections().total).toBe(1);
  expect(await patient).toBe('served');
  await ended;
  expect(await opened.ask(10_000)).toBe('served');
});

test('a statement that is sent while others are served is waited for as long', async () => {
  const opened = open();
  expect(await opened.ask(30_000)).toBe('served');
  const { ended } = await hold(2);
  expect(await opened.ask(1_000)).toMatchObject(OVERLOADED);
  expect(await opened.ask(30_000)).toBe('served');
  await ended;
});

test('core stays ready while its database is busy, and says when to come again', async () => {
  const core = await startCore({ url }, { env: { DATABASE_POOL_SIZE: '1' } });
  onTestFinished(() => core.close());
  await core.search({ query: 'desk' });
  const held = await hold(3);
  const ended = held.ended.then(() => true);
  const faults = [1_200, 1_300].map((deadlineMs) =>
    faultOf(core.search({ query: 'desk' }, { deadlineMs })),
  );
  const states = new Set<string>();
  do {
    for (const name of ['', 'database', 'search_index']) states.add(await core.health(name));
  } while (!(await Promise.race([ended, wait(100, false)])));
  const overloaded = { code: 'RESOURCE_EXHAUSTED', ...OVERLOADED };
  expect(await Promise.all(faults)).toMatchObject([overloaded, overloaded]);
  expect([...states]).toEqual(['SERVING']);
  await core.search({ query: 'desk' });
});

test('a database that ends while callers wait for it is told at once', async () => {
  const { ended } = await hold(60);
  ended.catch(() => undefined);
  const opened = open();
  const waiting = [opened.ask(60_000), opened.ask(60_000)];
  await opened.ping();
  database.kill();
  expect(await Promise.all(waiting)).toMatchObject([UNAVAILABLE, UNAVAILABLE]);
  await expect(opened.ping()).rejects.toThrow(/ECONNREFUSED/);
  expect(await opened.ask(60_000)).toMatchObject(UNAVAILABLE);
});
