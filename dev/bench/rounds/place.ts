/** A database of the bench, with core on it. */
import pg from 'pg';
import type { Context } from '../../../core-service/src/context.ts';
import { openDatabase } from '../request/database.ts';
import { ITEM } from '../request/scenarios.ts';
import { LIMITED_ITEM } from './fill.ts';
import { haggle, openCore } from './haggles.ts';

export interface Place {
  readonly url: string;
  readonly client: pg.Client;
  /** @param isKept leaves the database where it is */
  close(isKept?: boolean): Promise<void>;
}

/** @returns a new database with the sample inventory, one item of which is limited, and the rounds of one haggle */
export async function openPlace(server: string): Promise<Place> {
  const database = await openDatabase(server);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('update inventory_items set quantity = 1000000 where id = $1', [LIMITED_ITEM]);
  await withCore(database.url, 1, (ctx) => haggle(ctx, ITEM, false));
  return {
    url: database.url,
    client,
    close: async (isKept = false) => {
      await client.end();
      if (!isKept) await database.close();
    },
  };
}

export async function withCore<T>(
  url: string,
  poolSize: number,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const ctx = await openCore(url, poolSize);
  try {
    await ctx.database.warmUp();
    return await work(ctx);
  } finally {
    await ctx.close();
  }
}
