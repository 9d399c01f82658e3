/** A database that is brought back to a moment, from a copy and the log; it needs a container engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArchivingPostgres } from '../../dev/recovery/archiving-postgres.ts';
import { startArchivingPostgres } from '../../dev/recovery/archiving-postgres.ts';
import { hasPostgresImage, query } from '../../dev/testing/postgres-container.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import { seedInventory } from '../src/inventory/seed.ts';
import { createLocalEmbedder } from '../src/llm/embedder.ts';
import { nativeUrl, startCore } from './core-harness.ts';
import { faultOf } from './grpc-client.ts';

const item = {
  id: 'tent',
  name: 'Linen Tent',
  description: 'A tent for warm nights.',
  base_price_minor: 10_000,
  floor_price_minor: 6_000,
  currency: 'USD',
  attributes: {},
};
const agent = { did: 'did:web:buyer.example' };

describe.runIf(nativeUrl && hasPostgresImage())('a database that is brought back', () => {
  let postgres: ArchivingPostgres;
  beforeAll(async () => void (postgres = await startArchivingPostgres()));
  afterAll(() => postgres?.close());

  test('has each deal of before that moment and none of after it, and core goes on with it', async () => {
    await migrateDatabase(postgres.url);
    const former = await startCore(postgres);
    await seedInventory(former.ctx.db, createLocalEmbedder(), [item]);
    /** Buys at the list price. @returns the session and the code */
    const buy = async (requestId: string, core = former) => {
      const bid = { itemId: 'tent', bidAmount: 100, agent, requestId };
      const { accepted, sessionToken } = await core.negotiate(bid);
      return { code: accepted?.reservationCode ?? '', price: accepted?.finalPrice, sessionToken };
    };
    const before = await buy('before the copy');
    await postgres.saveBase();
    const after = await buy('after the copy');
    const moment = new Date();
    const lost = await buy('after the moment');
    await query(postgres.url, 'drop table reservations cascade');
    expect(await faultOf(buy('with the table gone'))).toMatchObject({ code: 'INTERNAL' });
    await former.close();

    const core = await startCore({ url: await postgres.recoverTo(moment) });
    for (const { code } of [before, after]) {
      expect((await core.reservation(code)).reservationCode).toBe(code);
    }
    expect(await faultOf(core.reservation(lost.code))).toMatchObject({ code: 'NOT_FOUND' });
    const goOn = { itemId: 'tent', bidAmount: 100, agent, sessionToken: lost.sessionToken };
    expect((await core.negotiate(goOn)).rejected).toEqual({ reasonCode: 'SESSION_INVALID' });
    // What was answered before is answered again in the same words, token and all; what is lost is a new bid.
    expect(await buy('after the copy', core)).toEqual(after);
    const again = await buy('after the moment', core);
    expect(again.price).toBe(lost.price);
    expect(again.code).not.toBe(lost.code);
    await core.close();
  });
});
