import type { SQL } from 'drizzle-orm';
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Placeholders } from '../db/prepared.ts';
import { prepared } from '../db/prepared.ts';
import {
  inventoryItems,
  negotiationRounds,
  negotiationSessions,
  reservations,
} from '../db/schema.ts';
import {
  activeReservations,
  concededToday,
  isActive,
  lastTraceparent,
} from '../deals/repository.ts';
import type { Haggling } from '../haggling.ts';
import { withDefaults } from '../haggling.ts';
import type { Terms } from '../terms.ts';

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly currency: string;
  readonly active: boolean;
  readonly terms: Terms;
  /** Null where the item has no such control. */
  readonly controls: {
    /** The deals of today may still concede this of the list price in all; it is below 0 beyond the ceiling. */
    readonly concessionLeftMinor: number | null;
    readonly draftAboveMinor: number | null;
    readonly highValueMinor: number | null;
    readonly priceEnding: (typeof inventoryItems.priceEnding.enumValues)[number] | null;
    readonly tellsRounds: boolean | null;
  };
  /** Null is without limit. */
  readonly quantity: number | null;
  /** Every one that there is, is reserved. */
  readonly soldOut: boolean;
}

export interface Session {
  readonly id: string;
  readonly agentDid: string;
  /** Its agent signs its bids. */
  readonly isVerified: boolean;
  readonly status: (typeof negotiationSessions.status.enumValues)[number];
  readonly expired: boolean;
  /** Unix seconds. */
  readonly validUntil: number;
  readonly round: number;
  readonly askMinor: number;
  readonly epoch: number;
  /** The bids that were countered, in their order. */
  readonly bids: readonly number[];
  readonly deal: Deal | undefined;
  /** The span of the last bid, as a W3C traceparent; null where it was not traced. */
  readonly traceparent: string | null;
}

/** The reservation of a session that was approved. */
interface Deal {
  readonly finalMinor: number;
  readonly reservationCode: string;
  readonly receipt: string | null;
  /** Unix seconds. */
  readonly validUntil: number;
  readonly standing: boolean;
}

/** Days since 1970-01-01 by the database's clock. */
const today = sql<number>`floor(extract(epoch from now()) / 86400)::int`;

const unixSeconds = (instant: SQL) => sql<number>`floor(extract(epoch from ${instant}))::float8`;

/** The bids of the joined session that were countered, in their order. */
const counteredBids = sql`array(
  select bid_minor::float8 from ${negotiationRounds}
  where ${negotiationRounds.sessionId} = ${negotiationSessions.id} and outcome = 'countered'
  order by round
)`.mapWith((bids: readonly number[]) => bids);

const s = negotiationSessions;

/** The facts that a bid is decided on. */
export interface Found {
  readonly item: Item;
  /** Undefined for a new haggle, and for a token that is none of this item. */
  readonly session: Session | undefined;
  /** Today's, in days since 1970-01-01. */
  readonly epoch: number;
}

const selectItemAndSession = prepared(
  'item_and_session',
  (db, { itemId, tokenHash }: Placeholders<{ itemId: string; tokenHash: Buffer | null }>) =>
    db
      .select({
        item: {
          id: inventoryItems.id,
          name: inventoryItems.name,
          description: inventoryItems.description,
          currency: inventoryItems.currency,
          active: inventoryItems.active,
          quantity: inventoryItems.quantity,
          soldOut: sql<boolean>`case when ${inventoryItems.quantity} is null then false
          else ${activeReservations(sql`${inventoryItems.id}`)} >= ${inventoryItems.quantity} end`,
        },
        controls: {
          concessionLeftMinor: sql<number | null>`case
          when ${inventoryItems.dailyConcessionMinor} is null then null
          else ${inventoryItems.dailyConcessionMinor}::float8 - ${concededToday(
            sql`${inventoryItems.id}`,
            sql`${inventoryItems.basePriceMinor}`,
          )} end`,
          draftAboveMinor: inventoryItems.draftAboveMinor,
          highValueMinor: inventoryItems.highValueMinor,
          priceEnding: inventoryItems.priceEnding,
          tellsRounds: inventoryItems.tellsRounds,
        },
        terms: {
          baseMinor: inventoryItems.basePriceMinor,
          floorMinor: inventoryItems.floorPriceMinor,
          rounds: inventoryItems.rounds,
          beta: inventoryItems.beta,
          bucketRatio: inventoryItems.bucketRatio,
          openingRatio: inventoryItems.openingRatio,
          margin: inventoryItems.margin,
          marginMinor: inventoryItems.marginMinor,
          discountCap: inventoryItems.discountCap,
        },
        session: {
          id: s.id,
          agentDid: s.agentDid,
          isVerified: s.isVerified,
          status: s.status,
          expired: sql<boolean>`${s.expiresAt} <= now()`,
          validUntil: unixSeconds(sql`${s.expiresAt}`),
          round: s.round,
          askMinor: s.askMinor,
          epoch: s.epoch,
          traceparent: lastTraceparent(sql`${s.id}`, sql`${s.round}`),
        },
        bids: counteredBids,
        deal: {
          finalMinor: reservations.priceMinor,
          reservationCode: reservations.code,
          receipt: reservations.receipt,
          validUntil: unixSeconds(sql`${reservations.heldUntil}`),
          standing: sql<boolean>`${isActive}`,
        },
        epoch: today,
      })
      .from(inventoryItems)
      .leftJoin(s, and(eq(s.itemId, inventoryItems.id), eq(s.tokenHash, tokenHash)))
      .leftJoin(reservations, eq(reservations.sessionId, s.id))
      .where(eq(inventoryItems.id, itemId)),
);

/**
 * Reads an item, today's epoch, and the item's session of that token if there is one.
 *
 * @param tokenHash undefined when the haggle is new
 * @param defaults the terms of an item that has none of its own
 * @returns undefined when there is no such item
 */
export async function findItemAndSession(
  db: Db,
  itemId: string,
  tokenHash: Buffer | undefined,
  defaults: Pick<Haggling, 'terms'>,
): Promise<Found | undefined> {
  const [row] = await selectItemAndSession(db, { itemId, tokenHash: tokenHash ?? null });
  if (!row) return undefined;
  const { bids } = row;
  // Drizzle cannot know that the computed columns are null together with the joined row.
  const deal = row.deal?.finalMinor ? (row.deal as Deal) : undefined;
  const session = row.session?.id ? ({ ...row.session, bids, deal } as Session) : undefined;
  const terms = withDefaults(row.terms, defaults);
  const { item, controls, epoch } = row;
  return { item: { ...item, terms, controls }, session, epoch };
}

/** One statement of the sweeper deletes at most this many rows, and holds no more. */
const SWEEP_BATCH = 1_000;

/**
 * Deletes sessions, with their rounds, whose quote ended so long ago. Deals are kept, and their sessions, all of
 * which are `accepted` but for those that a person approved, are not in the index that this reads. Replicas may
 * sweep at the same time: each passes over the rows that another one is at.
 *
 * @returns how many it deleted
 */
export async function sweepSessions(
  db: Db,
  retentionDays: number,
  signal: AbortSignal,
): Promise<number> {
  let swept = 0;
  // What was deleted before is left behind, and would be passed over once more while somebody may still see it.
  let from = '-infinity';
  while (!signal.aborted) {
    const { rows } = await db.execute<{ count: number; last: string }>(sql`
      with gone as (
        delete from negotiation_sessions where id in (
          select id from negotiation_sessions
          where expires_at >= ${from}::timestamptz and status <> 'accepted'
            and expires_at < now() - make_interval(days => ${retentionDays})
            and not exists (select 1 from reservations r where r.session_id = negotiation_sessions.id)
          order by expires_at limit ${SWEEP_BATCH} for update skip locked)
        returning expires_at
      )
      select count(*)::int, max(expires_at)::text as last from gone`);
    const { count = 0, last } = rows[0] ?? {};
    swept += count;
    if (count < SWEEP_BATCH) break;
    from = last ?? from;
  }
  return swept;
}
