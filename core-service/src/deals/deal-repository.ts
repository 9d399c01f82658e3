import type { DEAL_STATUSES } from '@aura/proto/limits.ts';
import type { SQL } from 'drizzle-orm';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import {
  inventoryItems,
  negotiationRounds,
  negotiationSessions,
  reservations,
} from '../db/schema.ts';
import type { Reservation } from './reservation-repository.ts';
import { isNamed, reservationColumns, reservationStatus, UUID } from './reservation-repository.ts';

/** A deal as the seller sees it: a reservation, or a bid that waits for a person. */
export interface Deal extends Omit<Reservation, 'code' | 'status' | 'haggle'> {
  /** The session's; names the deal before there is a code. */
  readonly id: string;
  readonly status: (typeof DEAL_STATUSES)[keyof typeof DEAL_STATUSES];
  /** Undefined before the deal was approved. */
  readonly code: string | undefined;
}

const dealStatus = sql<Deal['status']>`case
  when ${reservations.id} is not null then ${reservationStatus}
  when ${negotiationSessions.status} = 'pending' and ${negotiationSessions.expiresAt} <= now() then 'expired'
  else ${negotiationSessions.status}::text end`;

/** Reservations, and bids that wait or waited for a person; the latest first. */
export function listDeals(
  db: Db,
  filter: { readonly status: Deal['status'] | undefined; readonly limit: number },
): Promise<Deal[]> {
  const { status: wanted, limit } = filter;
  return selectDeals(db, wanted && sql`${dealStatus} = ${wanted}`, limit);
}

export async function findDeal(db: Db, codeOrId: string): Promise<Deal | undefined> {
  const isIt = UUID.test(codeOrId) ? eq(negotiationSessions.id, codeOrId) : isNamed(codeOrId);
  return (await selectDeals(db, isIt, 1))[0];
}

async function selectDeals(db: Db, where: SQL | undefined, limit: number): Promise<Deal[]> {
  const s = negotiationSessions;
  const rows = await db
    .select({
      ...reservationColumns,
      id: s.id,
      code: reservations.code,
      itemId: s.itemId,
      agentDid: s.agentDid,
      priceMinor: sql<number>`coalesce(${reservations.priceMinor},
        least(${negotiationRounds.bidMinor}, ${inventoryItems.basePriceMinor}))`.mapWith(Number),
      currency: inventoryItems.currency,
      status: dealStatus,
      heldUntil: sql<number>`floor(extract(epoch from
        coalesce(${reservations.heldUntil}, ${s.expiresAt})))::float8`,
    })
    .from(s)
    .innerJoin(inventoryItems, eq(inventoryItems.id, s.itemId))
    .innerJoin(
      negotiationRounds,
      and(eq(negotiationRounds.sessionId, s.id), eq(negotiationRounds.round, s.round)),
    )
    .leftJoin(reservations, eq(reservations.sessionId, s.id))
    .where(and(inArray(s.status, ['accepted', 'pending', 'approved', 'declined']), where))
    .orderBy(desc(s.updatedAt))
    .limit(limit);
  return rows.map(({ code, ...deal }) => ({ ...deal, code: code ?? undefined }));
}
