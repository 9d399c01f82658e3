/** Nobody waits for the answer: nothing goes on working on it. On a native Postgres. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, nativeUrl, startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const agent = { did: 'did:web:buyer.example' };
const wish = { itemId: 'desk', bidAmount: 900, agent };
/** It may take 200 ms, and less than the 2 s after which a statement would stop waiting for a lock by itself. */
const SOON = { timeout: 1_700, interval: 10 };

describe.runIf(nativeUrl)('a statement that waits for a lock', () => {
  let database: TestDatabase;
  let core: Core;
  let unlock: () => Promise<void>;

  beforeAll(async () => {
    database = await startDatabase();
    await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
    core = await startCore(database, { env: { DATABASE_POOL_SIZE: '3' } });
  });
  afterEach(() => unlock());
  afterAll(async () => {
    await core?.close();
    await database?.close();
  });

  /** Statements of core that are under way. */
  const busy = async (): Promise<number> =>
    (
      await database.query(
        `select count(*)::int n from pg_stat_activity
         where application_name = 'aura-core' and state = 'active' and datname = current_database()`,
      )
    )[0].n;
  const untilBusy = (n: number) => vi.waitFor(async () => expect(await busy()).toBe(n), 20_000);

  test.each([
    ['its first statement', 'negotiation_sessions', {}],
    ['the claim of its key', 'idempotency_keys', { requestId: 'some-key' }],
  ])('ends with the caller: %s', async (_what, table, more) => {
    unlock = await database.lock(table, 'access exclusive');
    const leaving = new AbortController();
    const left = faultOf(core.negotiate({ ...wish, ...more }, { signal: leaving.signal }));
    await untilBusy(1);
    leaving.abort();
    expect((await left).code).toBe('CANCELLED');
    await vi.waitFor(async () => expect(await busy()).toBe(0), SOON);
    await vi.waitFor(() =>
      expect(core.events('request_failed').at(-1)).toMatchObject({ reason: 'CANCELLED' }),
    );
    await unlock();
    expect(await database.query('select * from negotiation_sessions')).toEqual([]);
  });

  test('ends with the deadline, long before the timeout of statements', async () => {
    unlock = await database.lock('inventory_items', 'access exclusive');
    const late = faultOf(core.negotiate(wish, { deadlineMs: 300 }));
    await untilBusy(1);
    expect((await late).code).toBe('DEADLINE_EXCEEDED');
    await vi.waitFor(async () => expect(await busy()).toBe(0), SOON);
    await unlock();
  });

  test('and a search does too', async () => {
    unlock = await database.lock('inventory_items', 'access exclusive');
    const leaving = new AbortController();
    const left = faultOf(core.search({ query: 'desk' }, { signal: leaving.signal }));
    await untilBusy(1);
    leaving.abort();
    expect((await left).code).toBe('CANCELLED');
    await vi.waitFor(async () => expect(await busy()).toBe(0), SOON);
    await unlock();
  });

  test('many who leave at once cancel nobody else, and cost no connection', async () => {
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
    expect(await database.query('select 1 from reservations')).toHaveLength(1);
    // All three connections are to be had again.
    await Promise.all([1, 2, 3].map(() => core.negotiate(wish)));
    const { total, waiting } = core.ctx.database.connections();
    expect([total <= 3, waiting]).toEqual([true, 0]);
  });
});
