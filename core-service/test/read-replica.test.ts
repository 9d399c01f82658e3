/** Searches on a real standby that streams from a real primary; it needs a container engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresPair } from '../../dev/failover/postgres-pair.ts';
import { startPostgresPair } from '../../dev/failover/postgres-pair.ts';
import { docker, hasPostgresImage, PASSWORD, query } from '../../dev/testing/postgres-container.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import { seedInventory } from '../src/inventory/seed.ts';
import { createLocalEmbedder } from '../src/llm/embedder.ts';
import type { Core } from './core-harness.ts';
import { eventually, nativeUrl, startCore } from './core-harness.ts';

const item = {
  id: 'tent',
  name: 'Linen Tent',
  description: 'A tent for warm nights.',
  base_price_minor: 10_000,
  floor_price_minor: 6_000,
  currency: 'USD',
  attributes: {},
};

describe.runIf(nativeUrl && hasPostgresImage())('searches on a replica', () => {
  let pair: PostgresPair;
  let core: Core;
  /** The list prices of what a search finds. */
  const prices = async (): Promise<number[]> => {
    const { results } = await core.search({ query: 'tent' });
    return results.map(({ basePrice }) => basePrice);
  };
  const lines = (event: string): object[] => core.events(event);

  beforeAll(async () => {
    pair = await startPostgresPair({ synchronous: false });
    await migrateDatabase(pair.primaryUrl);
    const env = { DATABASE_READ_URL: pair.standbyUrl, DATABASE_POOL_SIZE: '3' };
    core = await startCore({ url: pair.primaryUrl }, { env });
    await seedInventory(core.ctx.db, createLocalEmbedder(), [item]);
  });
  afterAll(async () => {
    await core?.close();
    await pair?.close();
  });

  test('are answered by it, once it is known to be fresh', async () => {
    await eventually(async () => expect(lines('read_replica_used')).toHaveLength(1));
    await eventually(async () => expect(await prices()).toEqual([100]));
    const [row] = await query(
      pair.standbyUrl,
      `select count(*)::int as n from pg_stat_activity where application_name = 'aura-core'`,
    );
    expect(row?.['n']).toBeGreaterThan(0);
  });

  test('show what it has, and the primary’s word once that is too old', async () => {
    await query(pair.standbyUrl, 'select pg_wal_replay_pause()');
    await query(pair.primaryUrl, 'update inventory_items set base_price_minor = 12000');
    expect(await prices()).toEqual([100]);
    await eventually(async () => expect(await prices()).toEqual([120]));
    const left = [{ level: 'warn', reason: 'stale' }];
    await eventually(async () => expect(lines('read_replica_left')).toMatchObject(left));
    const [replayed] = await query(
      pair.standbyUrl,
      'select base_price_minor::int as n from inventory_items',
    );
    expect(replayed).toEqual({ n: 10_000 });
  });

  test('are answered by it again when it has caught up', async () => {
    await query(pair.standbyUrl, 'select pg_wal_replay_resume()');
    await eventually(async () => expect(lines('read_replica_used')).toHaveLength(2));
    expect(await prices()).toEqual([120]);
  });

  test('bids go to the primary alone', async () => {
    await query(pair.standbyUrl, 'select pg_wal_replay_pause()');
    const answer = await core.negotiate({
      itemId: 'tent',
      bidAmount: 120,
      agent: { did: 'did:web:buyer.example' },
    });
    expect(answer.result).toBe('accepted');
    const [row] = await query(pair.standbyUrl, 'select count(*)::int as n from reservations');
    expect(row).toEqual({ n: 0 });
    await query(pair.standbyUrl, 'select pg_wal_replay_resume()');
  });

  test('do not notice when it dies', async () => {
    await eventually(async () => expect(lines('read_replica_used').length).toBeGreaterThan(1));
    // A busy machine may take too long to open a connection to the primary, which would look as if it was gone.
    await eventually(async () => {
      await core.ctx.database.warmUp();
      expect(core.ctx.database.connections().total).toBe(3);
    });
    await docker('kill', '--signal', 'KILL', `aura-standby-${process.pid}`);
    const answers = await Promise.all(Array.from({ length: 20 }, () => prices()));
    expect(answers).toEqual(answers.map(() => [120]));
    await eventually(async () =>
      expect(lines('read_replica_left').at(-1)).toMatchObject({ reason: 'failed' }),
    );
    expect(await core.health('')).toBe('SERVING');
    expect(core.log()).not.toContain(`${PASSWORD}@`);
  });
});
