/** These parts of statements tell how much of an item is taken, and what was conceded for it. */
import type { SQL } from 'drizzle-orm';
import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems, reservations } from '../db/schema.ts';

/** Takes one of the item: it is confirmed, or held and not expired. */
export const isActive = sql`(${reservations.status} = 'confirmed'
  or (${reservations.status} = 'held' and ${reservations.heldUntil} > now()))`;

/** The number of an item that is taken, which is counted in an index alone, past what was given back or has expired. */
export const activeReservations = (itemId: SQL): SQL =>
  sql`((select count(*) from ${reservations} where ${reservations.itemId} = ${itemId}
      and ${reservations.status} = 'confirmed')
    + (select count(*) from ${reservations} where ${reservations.itemId} = ${itemId}
      and ${reservations.status} = 'held' and ${reservations.heldUntil} > now()))`;

/**
 * What the deals of today, in UTC, concede of an item's list price: those that are active. A deal
 * that is given back or not confirmed concedes nothing any more.
 */
export const concededToday = (itemId: SQL, basePriceMinor: SQL): SQL<number> =>
  sql<number>`(select coalesce(sum(greatest(${basePriceMinor} - ${reservations.priceMinor}, 0)), 0)::float8
    from ${reservations} where ${reservations.itemId} = ${itemId} and ${isActive}
    and ${reservations.createdAt} >= date_trunc('day', now() at time zone 'utc') at time zone 'utc')`;

export async function findConcededToday(db: Db, itemId: string): Promise<number> {
  const { id, basePriceMinor } = inventoryItems;
  const [found] = await db
    .select({ minor: concededToday(sql`${id}`, sql`${basePriceMinor}`) })
    .from(inventoryItems)
    .where(eq(id, itemId));
  return found?.minor ?? 0;
}
