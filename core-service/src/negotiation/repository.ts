import type { SQL } from 'drizzle-orm';
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems, negotiationRounds, negotiationSessions } from '../db/schema.ts';
import type { Bids } from './asks.ts';

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly currency: string;
  readonly active: boolean;
  readonly baseMinor: number;
  readonly floorMinor: number;
  /** Null for the policy's default. */
  readonly rounds: number | null;
  readonly beta: number | null;
  readonly bucketRatio: number | null;
  readonly openingRatio: number | null;
}

export interface Session {
  readonly id: string;
  readonly agentDid: string;
  readonly status: 'open' | 'accepted' | 'rejected';
  readonly expired: boolean;
  readonly round: number;
  readonly askMinor: number;
  readonly epoch: number;
  /** Of the bids that were countered; undefined when none was. */
  readonly bids: Bids | undefined;
}

/** One bid and our answer, as it is written down. */
export interface Round {
  readonly round: number;
  readonly bidMinor: number;
  readonly outcome: 'accepted' | 'countered' | 'rejected' | 'ui_required';
  readonly askMinor: number;
  /** Only with `accepted`. */
  readonly deal?: { readonly finalMinor: number; readonly reservationCode: string } | undefined;
}

export interface Recorded {
  readonly sessionId: string;
  /** Unix seconds until which the quote stands, by the database's clock. */
  readonly validUntil: number;
}

/** Days since 1970-01-01 by the database's clock. */
const today = sql<number>`floor(extract(epoch from now()) / 86400)::int`;

/** An aggregate over the bids of the joined session that were countered. */
const counteredBids = (aggregate: SQL) =>
  sql<number | null>`(
    select ${aggregate} from ${negotiationRounds}
    where ${negotiationRounds.sessionId} = ${negotiationSessions.id} and outcome = 'countered'
  )`.mapWith(Number);

/**
 * The item, today's epoch, and the item's session of that token if there is one.
 *
 * @param tokenHash undefined when the haggle is new
 */
export async function findItemAndSession(
  db: Db,
  itemId: string,
  tokenHash: Buffer | undefined,
): Promise<{ item: Item; session: Session | undefined; epoch: number } | undefined> {
  const s = negotiationSessions;
  const sameToken = tokenHash ? eq(s.tokenHash, tokenHash) : sql`false`;
  const [row] = await db
    .select({
      item: {
        id: inventoryItems.id,
        name: inventoryItems.name,
        description: inventoryItems.description,
        currency: inventoryItems.currency,
        active: inventoryItems.active,
        baseMinor: inventoryItems.basePriceMinor,
        floorMinor: inventoryItems.floorPriceMinor,
        rounds: inventoryItems.rounds,
        beta: inventoryItems.beta,
        bucketRatio: inventoryItems.bucketRatio,
        openingRatio: inventoryItems.openingRatio,
      },
      session: {
        id: s.id,
        agentDid: s.agentDid,
        status: s.status,
        expired: sql<boolean>`${s.expiresAt} <= now()`,
        round: s.round,
        askMinor: s.askMinor,
        epoch: s.epoch,
      },
      bids: {
        firstMinor: counteredBids(sql`(array_agg(bid_minor order by round))[1]`),
        bestMinor: counteredBids(sql`max(bid_minor)`),
      },
      epoch: today,
    })
    .from(inventoryItems)
    .leftJoin(s, and(eq(s.itemId, inventoryItems.id), sameToken))
    .where(eq(inventoryItems.id, itemId));
  if (!row) return undefined;
  // Drizzle cannot know that the computed column is null together with the joined row.
  const bids = row.bids.firstMinor === null ? undefined : (row.bids as Bids);
  const session = row.session?.id ? ({ ...row.session, bids } as Session) : undefined;
  return { item: row.item, session, epoch: row.epoch };
}

/** Writes a new session with its first round, in one statement. */
export async function openSession(
  db: Db,
  session: {
    readonly tokenHash: Buffer;
    readonly itemId: string;
    readonly agentDid: string;
    readonly epoch: number;
    readonly quoteTtlSeconds: number;
  },
  round: Round,
): Promise<Recorded> {
  const result = await db.execute(sql`
    with session as (
      insert into negotiation_sessions
        (token_hash, item_id, agent_did, epoch, round, status, ask_minor,
         final_price_minor, reservation_code, expires_at)
      values
        (${session.tokenHash}, ${session.itemId}, ${session.agentDid}, ${session.epoch},
         ${round.round}, ${statusAfter(round)}, ${round.askMinor}, ${round.deal?.finalMinor ?? null},
         ${round.deal?.reservationCode ?? null}, ${expiry(session.quoteTtlSeconds)})
      returning id, expires_at
    ) ${insertRound(round)}`);
  return recorded(result.rows[0]) as Recorded;
}

/**
 * Writes the next round of an open session, in one statement.
 *
 * @returns undefined when another bid was written in the meantime, or the session has ended or
 *   expired: nothing was written then
 */
export async function recordRound(
  db: Db,
  session: { readonly id: string; readonly quoteTtlSeconds: number },
  round: Round,
): Promise<Recorded | undefined> {
  const result = await db.execute(sql`
    with session as (
      update negotiation_sessions set
        round = ${round.round}, status = ${statusAfter(round)}, ask_minor = ${round.askMinor},
        final_price_minor = ${round.deal?.finalMinor ?? null},
        reservation_code = ${round.deal?.reservationCode ?? null},
        expires_at = ${expiry(session.quoteTtlSeconds)}, updated_at = now()
      where id = ${session.id} and round = ${round.round - 1} and status = 'open'
        and expires_at > now()
      returning id, expires_at
    ) ${insertRound(round)}`);
  return recorded(result.rows[0]);
}

/** One statement never holds more rows than this. */
const SWEEP_BATCH = 1_000;

/**
 * Deletes sessions, with their rounds, whose quote ended so long ago. Deals are kept. Replicas may
 * sweep at the same time: what another one is at is passed over.
 *
 * @returns how many it deleted
 */
export async function sweepSessions(db: Db, retentionDays: number): Promise<number> {
  let swept = 0;
  for (;;) {
    const { rowCount } = await db.execute(sql`
      delete from negotiation_sessions where id in (
        select id from negotiation_sessions
        where expires_at < now() - make_interval(days => ${retentionDays}) and status <> 'accepted'
        limit ${SWEEP_BATCH} for update skip locked)`);
    swept += rowCount ?? 0;
    if ((rowCount ?? 0) < SWEEP_BATCH) return swept;
  }
}

const expiry = (ttlSeconds: number) => sql`now() + make_interval(secs => ${ttlSeconds})`;

const insertRound = (round: Round) => sql`
    insert into negotiation_rounds (session_id, round, bid_minor, outcome, ask_minor)
    select id, ${round.round}::int, ${round.bidMinor}::bigint, ${round.outcome}::round_outcome,
      ${round.askMinor}::bigint
    from session
    returning session_id,
      (select floor(extract(epoch from expires_at))::bigint from session) as valid_until`;

function statusAfter(round: Round): Session['status'] {
  return round.outcome === 'accepted' || round.outcome === 'rejected' ? round.outcome : 'open';
}

function recorded(row: Record<string, unknown> | undefined): Recorded | undefined {
  return row && { sessionId: String(row['session_id']), validUntil: Number(row['valid_until']) };
}
