import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultProxy } from '../../dev/faults/fault-proxy.ts';
import { startFaultProxyFor } from '../../dev/faults/fault-proxy.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, eventually, startCore, startDatabase } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const SERVICE = 'aura.negotiation.v1.NegotiationService';
const ALIVE = 'grpc.health.v1.Health';
const agent = { did: 'did:web:buyer.example' };

let database: TestDatabase;
let core: Core;

beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database);
});
afterAll(async () => {
  await core.close();
  await database.close();
});

describe('health', () => {
  test.each(['', SERVICE, ALIVE, 'database', 'search_index', 'model', 'telemetry'])(
    '%j is serving',
    async (name) => {
      expect(await core.health(name)).toBe('SERVING');
    },
  );

  test('an unknown name is NOT_FOUND', async () => {
    expect(await faultOf(core.health('kitchen'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('the search index is not while the items have the vectors of another embedder', async () => {
    await addItem(database, { id: 'bare', base: 5_000, floor: 4_000 });
    await database.query(
      `insert into item_vectors values ('other', 'bare', array_fill(0.1, array[1024])::vector)`,
    );
    await eventually(async () => expect(await core.health('search_index')).toBe('NOT_SERVING'));
    expect(await core.health('')).toBe('SERVING');
    await database.query(`delete from inventory_items where id = 'bare'`);
    await eventually(async () => expect(await core.health('search_index')).toBe('SERVING'));
  });

  test('leaves no line in the log', async () => expect(core.log()).toBe(''));
});

test('reflection lists the service and health', async () => {
  expect(await core.listServices()).toEqual(expect.arrayContaining([SERVICE]));
});

describe('when the database goes away', () => {
  let proxy: FaultProxy;
  let orphan: Core;
  const names = ['', SERVICE, 'database', 'search_index'];
  const becomes = (state: string): Promise<void> =>
    eventually(async () => {
      const states = await Promise.all(names.map((name) => orphan.health(name)));
      expect(states).toEqual(names.map(() => state));
    });

  beforeAll(async () => {
    proxy = await startFaultProxyFor(database.url);
    orphan = await startCore({ url: proxy.through(database.url) });
    await addItem(database, { id: 'desk', base: 5_000, floor: 4_000, active: false });
    await orphan.negotiate({ itemId: 'desk', bidAmount: 1, agent });
    await proxy.set('refuse');
  });
  afterAll(async () => {
    await orphan.close();
    await proxy.set('refuse');
  });

  test('calls are UNAVAILABLE, and say nothing of where it was', async () => {
    const { port } = proxy;
    const calls = [
      orphan.negotiate({ itemId: 'desk', bidAmount: 1, agent }),
      orphan.search({ query: 'desk' }),
    ];
    for (const fault of await Promise.all(calls.map(faultOf))) {
      expect(fault).toMatchObject({ code: 'UNAVAILABLE', reason: 'DATABASE_UNAVAILABLE' });
      expect(JSON.stringify(fault)).not.toMatch(new RegExp(`127\\.0\\.0\\.1|${port}|ECONN`));
    }
  });

  test('the log tells the cause, but neither statements nor their parameters', () => {
    const failed = orphan.events('request_failed');
    expect(failed).toHaveLength(2);
    const err = { type: expect.any(String), message: expect.any(String) };
    for (const line of failed) expect(line).toMatchObject({ level: 'warn', err });
    expect(orphan.log()).not.toMatch(/select|insert|params|buyer\.example/i);
  });

  test('the whole and the database are not serving', async () => {
    await becomes('NOT_SERVING');
    expect(await orphan.health('model')).toBe('SERVING');
  });

  test('the process lives, so that nobody restarts it for that', async () => {
    expect(await orphan.health(ALIVE)).toBe('SERVING');
  });

  test('all is well again when it is back', async () => {
    await proxy.set('none');
    await becomes('SERVING');
    expect((await orphan.negotiate({ itemId: 'desk', bidAmount: 1, agent })).result).toBe(
      'rejected',
    );
  });
});

test('a core that starts before its database says so', async () => {
  const early = await startCore({ url: 'postgres://nobody:hunter2@127.0.0.1:1/none' });
  expect(await early.health('')).toBe('NOT_SERVING');
  const fault = await faultOf(early.search({ query: 'desk' }));
  expect(fault).toMatchObject({ code: 'UNAVAILABLE' });
  expect(early.log()).not.toContain('hunter2');
  await early.close();
});
