import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import {
  inventoryItems,
  negotiationRounds,
  negotiationSessions,
  reservations,
} from '../db/schema.ts';
import type { Claim } from '../idempotency/repository.ts';
import { underKey } from '../idempotency/repository.ts';
import { activeReservations, concededToday } from '../deals/repository.ts';
import type { Session } from './repository.ts';

/** One bid and our answer, as it is written down. */
export interface Round {
  readonly round: number;
  readonly bidMinor: number;
  readonly outcome: 'accepted' | 'countered' | 'rejected' | 'ui_required';
  readonly askMinor: number;
  /** Seconds for which our answer stands. */
  readonly ttlSeconds: number;
  /** Present with `accepted` alone. */
  readonly deal?: NewDeal | undefined;
  /** The answer that is kept when the request has an idempotency key. */
  readonly under?: { readonly claim: Claim; readonly answer: unknown } | undefined;
}

export interface NewDeal {
  readonly finalMinor: number;
  readonly currency: string;
  readonly reservationCode: string;
  readonly holdSeconds: number;
  /** The number of the item that there is; null is without limit. */
  readonly quantity: number | null;
  /** Present where the deals of a day may concede so much in all. */
  readonly ceiling?: { readonly concededMinor: number; readonly isPromised: boolean };
}

export interface Recorded {
  readonly sessionId: string;
  /** Unix seconds until which the quote stands, by the database's clock. */
  readonly validUntil: number;
}

/** Why a round was not written: nothing at all was then. */
export type NotWritten =
  /**
   * Another bid was first, the session has ended or expired, the idempotency key is no longer ours,
   * or other deals took what was left to concede today.
   */
  | 'lost_race'
  /** The round is a deal, and others have all that there are of the item. */
  | 'sold_out';

/** Writes a new session with its first round. */
export function openSession(
  db: Db,
  session: {
    readonly tokenHash: Buffer;
    readonly itemId: string;
    readonly agentDid: string;
    readonly epoch: number;
  },
  round: Round,
): Promise<Recorded | NotWritten> {
  const { itemId, tokenHash, agentDid, epoch } = session;
  const opened = sql`
    insert into ${negotiationSessions}
      (token_hash, item_id, agent_did, epoch, round, status, ask_minor, expires_at)
    select ${tokenHash}::bytea, ${itemId}, ${agentDid}, ${epoch}::int, ${round.round}::int,
      ${statusAfter(round)}::session_status, ${round.askMinor}::bigint, ${expiry(round.ttlSeconds)}
    where ${ifMine(round)}`;
  return write(db, itemId, opened, round);
}

/** Writes the next round of an open session. */
export function recordRound(
  db: Db,
  session: { readonly id: string; readonly itemId: string },
  round: Round,
): Promise<Recorded | NotWritten> {
  const continued = sql`
    update ${negotiationSessions} set
      round = ${round.round}, status = ${statusAfter(round)}, ask_minor = ${round.askMinor},
      expires_at = ${expiry(round.ttlSeconds)}, updated_at = now()
    where id = ${session.id} and round = ${round.round - 1} and status = 'open'
      and expires_at > now() and ${ifMine(round)}`;
  return write(db, session.itemId, continued, round);
}

/**
 * Runs one statement for all that a round is. Where the number of the item or what its deals may
 * concede is limited, its row is locked first, because a statement that waits for a lock still counts
 * as of before.
 */
function write(db: Db, itemId: string, session: SQL, round: Round): Promise<Recorded | NotWritten> {
  const statement = roundStatement(session, round);
  const { deal } = round;
  if (!deal || (deal.quantity === null && !deal.ceiling)) return run(db, statement);
  return db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from ${inventoryItems} where id = ${itemId} for no key update`);
    return (await findHindrance(tx, itemId, deal)) ?? (await run(tx, statement));
  });
}

/** @param db in which the item is locked */
async function findHindrance(
  db: Pick<Db, 'execute'>,
  itemId: string,
  { ceiling, quantity }: NewDeal,
): Promise<NotWritten | undefined> {
  const id = sql`${inventoryItems.id}`;
  const { dailyConcessionMinor, basePriceMinor } = inventoryItems;
  const free = quantity === null ? sql`true` : sql`${activeReservations(id)} < quantity`;
  const left = ceiling
    ? sql`${dailyConcessionMinor} - ${concededToday(id, sql`${basePriceMinor}`)}`
    : sql`null`;
  const { rows } = await db.execute(sql`
    select ${free} as free, ${left} as left from ${inventoryItems} where id = ${itemId}`);
  const [item] = rows;
  if (item?.['free'] === false) return 'sold_out';
  // Another deal took what was left of the day: the bid is decided again by what is left now.
  const isBeyond =
    ceiling && item?.['left'] !== null && ceiling.concededMinor > Number(item?.['left']);
  return isBeyond && !ceiling.isPromised && ceiling.concededMinor > 0 ? 'lost_race' : undefined;
}

function roundStatement(session: SQL, round: Round): SQL {
  const { deal, under, ttlSeconds } = round;
  const validUntil = sql`floor(extract(epoch from ${expiry(ttlSeconds)}))::float8`;
  const key = under && underKey(under.claim, under.answer, validUntil);
  const parts = [
    ...(key ? [sql`mine as (${key.mine})`] : []),
    sql`session as (${session} returning id, item_id, agent_did)`,
    ...(deal ? [sql`reservation as (${reserve(deal)})`] : []),
    ...(key ? [sql`answered as (${key.answered(sql`session`)})`] : []),
  ];
  return sql`
    with ${sql.join(parts, sql`, `)}
    insert into ${negotiationRounds} (session_id, round, bid_minor, outcome, ask_minor)
    select id, ${round.round}::int, ${round.bidMinor}::bigint, ${round.outcome}::round_outcome,
      ${round.askMinor}::bigint
    from session
    returning session_id, ${validUntil} as valid_until`;
}

/** Reserves the item for the session that the part `session` wrote. */
const reserve = (deal: NewDeal): SQL => sql`
  insert into ${reservations}
    (session_id, item_id, agent_did, code, price_minor, currency, held_until)
  select id, item_id, agent_did, ${deal.reservationCode}, ${deal.finalMinor}::bigint,
    ${deal.currency}, ${expiry(deal.holdSeconds)}
  from session
  returning 1`;

const ifMine = ({ under }: Round): SQL => (under ? sql`exists (select 1 from mine)` : sql`true`);

async function run(db: Pick<Db, 'execute'>, statement: SQL): Promise<Recorded | 'lost_race'> {
  const [row] = (await db.execute(statement)).rows;
  if (!row) return 'lost_race';
  return { sessionId: String(row['session_id']), validUntil: Number(row['valid_until']) };
}

const expiry = (ttlSeconds: number): SQL => sql`now() + make_interval(secs => ${ttlSeconds})`;

const STATUS_AFTER: Readonly<Record<Round['outcome'], Session['status']>> = {
  accepted: 'accepted',
  countered: 'open',
  rejected: 'rejected',
  ui_required: 'pending',
};

function statusAfter(round: Round): Session['status'] {
  return STATUS_AFTER[round.outcome];
}
