/** Nobody waits for the answer: nothing goes on working on it. On a native Postgres. */
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, nativeUrl, startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const agent = { did: 'did:web:buyer.example' };
const wish = { itemId: 'desk', bidAmount: 900, agent };
/** Postgres says these where a statement was cancelled, and where it waited for a lock for two seconds. */
const [CANCELED, LOCK_NOT_AVAILABLE] = ['57014', '55P03'];
/** A machine may be so busy that a lock is waited for too long before its caller has left. */
const AGAIN = { retry: 3 };

describe.runIf(nativeUrl)('a statement that waits for a lock', () => {
  let database: TestDatabase;
  let core: Core;
  let unlock: () => Promise<void>;
  /** Looks at the others, so that it does not take a new connection for each look. */
  let observer: Client;
  /** What Postgres said of the statements that failed. */
  let failures: (string | undefined)[];

  beforeAll(async () => {
    database = await startDatabase();
    await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
    observer = new Client({ connectionString: database.url });
    await observer.connect();
    core = await startCore(database, { env: { DATABASE_POOL_SIZE: '3' } });
  });
  beforeEach(() => {
    failures = [];
    type Send = (this: Client, ...call: unknown[]) => Promise<unknown> | undefined;
    const query = Reflect.get(Client.prototype, 'query') as Send;
    vi.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...call) {
      const answer = query.apply(this, call);
      answer?.catch?.(({ code }) => failures.push(code));
      return answer;
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await unlock();
  });
  afterAll(async () => {
    await core?.close();
    await observer?.end();
    await database?.close();
  });

  /** Statements of core that are under way. */
  const busy = async (): Promise<number> =>
    (
      await observer.query(
        `select count(*)::int n from pg_stat_activity
         where application_name = 'aura-core' and state = 'active' and datname = current_database()`,
      )
    ).rows[0].n;
  const untilBusy = (n: number) =>
    vi.waitFor(async () => expect(await busy()).toBe(n), { timeout: 30_000, interval: 10 });

  /** Waits until nothing is under way, and expects that no lock's timeout has ended it. */
  async function untilCancelled(): Promise<void> {
    await untilBusy(0);
    // A connection that is cut instead has no word of Postgres.
    await vi.waitFor(() => expect(failures).not.toEqual([]), 30_000);
    expect([CANCELED, undefined]).toContain(failures[0]);
    expect(failures).not.toContain(LOCK_NOT_AVAILABLE);
  }

  test.each([
    ['its first statement', 'negotiation_sessions', {}],
    ['the claim of its key', 'idempotency_keys', { requestId: 'some-key' }],
  ])('ends with the caller: %s', AGAIN, async (_what, table, more) => {
    unlock = await database.lock(table, 'access exclusive');
    const leaving = new AbortController();
    const left = faultOf(core.negotiate({ ...wish, ...more }, { signal: leaving.signal }));
    await untilBusy(1);
    leaving.abort();
    expect((await left).code).toBe('CANCELLED');
    await untilCancelled();
    await vi.waitFor(
      () => expect(core.events('request_failed').at(-1)).toMatchObject({ reason: 'CANCELLED' }),
      30_000,
    );
    await unlock();
    expect(await database.query('select * from negotiation_sessions')).toEqual([]);
  });

  test('ends with the deadline, long before the timeout of statements', AGAIN, async () => {
    unlock = await database.lock('inventory_items', 'access exclusive');
    const late = faultOf(core.negotiate(wish, { deadlineMs: 300 }));
    expect((await late).code).toBe('DEADLINE_EXCEEDED');
    await untilCancelled();
    await unlock();
  });

  test('and a search does too', AGAIN, async () => {
    unlock = await database.lock('inventory_items', 'access exclusive');
    const leaving = new AbortController();
    const left = faultOf(core.search({ query: 'desk' }, { signal: leaving.signal }));
    await untilBusy(1);
    leaving.abort();
    expect((await left).code).toBe('CANCELLED');
    await untilCancelled();
    await unlock();
  });

  test('many who leave at once cancel nobody else, and cost no connection', AGAIN, async () => {
    const reserved = () => database.query('select 1 from reservations');
    const before = await reserved();
    unlock = await database.lock('negotiation_rounds', 'exclusive');
    const leaving = new AbortController();
    const gone = [1, 2].map(() => faultOf(core.negotiate(wish, { signal: leaving.signal })));
    await untilBusy(2);
    const staying = core.negotiate(wish);
    await untilBusy(3);
    leaving.abort();
    expect((await Promise.all(gone)).map(({ code }) => code)).toEqual(['CANCELLED', 'CANCELLED']);
    await untilBusy(1);
    await unlock();
    expect((await staying).accepted?.finalPrice).toBe(900);
    expect(await reserved()).toHaveLength(before.length + 1);
    // All three connections are to be had again.
    await Promise.all([1, 2, 3].map(() => core.negotiate(wish)));
    const { total, waiting } = core.ctx.database.connections();
    expect([total <= 3, waiting]).toEqual([true, 0]);
  });
});
