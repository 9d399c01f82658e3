import { sql } from 'drizzle-orm';
import { claimNonces, nonceClaimOf } from '../agents/repository.ts';
import type { Db } from '../db/client.ts';
import type { inventoryItems, negotiationSessions } from '../db/schema.ts';
import type { Haggling } from '../haggling.ts';
import { withDefaults } from '../haggling.ts';
import type { VerifiedSignature } from '../request-scope.ts';
import type { Terms } from '../terms.ts';
import type { ReadingValues } from './reading-statement-repository.ts';
import { readingStatement } from './reading-statement-repository.ts';
import type { SessionLimit } from './session-limit-repository.ts';

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

/** The facts that a bid is decided on. */
export interface Found {
  readonly item: Item;
  /** Undefined for a new haggle, and for a token that is none of this item. */
  readonly session: Session | undefined;
  /** Today's, in days since 1970-01-01. */
  readonly epoch: number;
  /** Whole seconds until the agent may open a session of the item; null or undefined while it may. */
  readonly openableInSeconds?: number | null;
}

/** Says what is read, and what is done by the same statement. */
interface Reading {
  readonly itemId: string;
  /** Undefined when the haggle is new. */
  readonly tokenHash: Buffer | undefined;
  /** The signature of the bid, which is used up. */
  readonly signature: VerifiedSignature | undefined;
  /** The limit that a new haggle keeps to, where there is one. */
  readonly limit: SessionLimit | undefined;
  /** The terms of an item that has none of its own. */
  readonly defaults: Pick<Haggling, 'terms'>;
}

/**
 * Reads an item, today's epoch, and the item's session of that token if there is one.
 *
 * @returns undefined when there is no such item; `copied` where a nonce of the signature was used before
 */
export async function findItemAndSession(
  db: Db,
  { itemId, tokenHash, signature, limit, defaults }: Reading,
): Promise<Found | 'copied' | undefined> {
  const nonces = signature && nonceClaimOf(signature);
  const read = readingStatement({ isSigned: !!nonces, isLimited: !!limit });
  const values = { itemId, tokenHash: tokenHash ?? null, ...nonces, ...limit };
  // The statement has no places for the values that its kind of reading has not.
  const [row] = await read(db, values as ReadingValues);
  if (!row) {
    // Nobody but this request has used the nonces that it has itself just used.
    const isCopy = signature && !(await claimNonces(db, signature));
    return isCopy ? 'copied' : undefined;
  }
  if (nonces && row.fresh < nonces.digests.length) return 'copied';
  const { bids } = row;
  // Drizzle cannot know that the computed columns are null together with the joined row.
  const deal = row.deal?.finalMinor ? (row.deal as Deal) : undefined;
  const session = row.session?.id ? ({ ...row.session, bids, deal } as Session) : undefined;
  const terms = withDefaults(row.terms, defaults);
  const { item, controls, epoch, openableInSeconds } = row;
  return { item: { ...item, terms, controls }, session, epoch, openableInSeconds };
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
