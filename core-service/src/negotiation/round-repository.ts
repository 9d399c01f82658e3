import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Placeholders } from '../db/prepared.ts';
import { preparedSql } from '../db/prepared.ts';
import { inventoryItems } from '../db/schema.ts';
import type { Tx } from '../db/transaction.ts';
import { activeReservations, concededToday } from '../deals/active-repository.ts';
import type { Claim } from '../idempotency/repository.ts';
import { POLICY_VERSION } from '../policy-version.ts';
import type { Terms } from '../terms.ts';
import type { Session } from './repository.ts';
import type { RoundValues } from './round-statement-repository.ts';
import { roundStatement } from './round-statement-repository.ts';

/** One bid and our answer, as it is written down. */
export interface Round {
  readonly round: number;
  readonly bidMinor: number;
  readonly outcome: 'accepted' | 'countered' | 'rejected' | 'ui_required';
  readonly askMinor: number;
  /** Seconds for which our answer stands. */
  readonly ttlSeconds: number;
  /** The span of the bid, to which later ones link; null where there is none. */
  readonly traceparent: string | null;
  /** What explains the round to the seller afterwards. */
  readonly reasons: {
    readonly strategy: 'model' | 'policy';
    /** Null where the answer has no words of ours. */
    readonly words: 'model' | 'template' | null;
    /** The agent signed the bid. */
    readonly isVerified: boolean;
    readonly terms: Terms;
  };
  /** Present with `accepted` alone. */
  readonly deal?: NewDeal | undefined;
  /** The answer that is kept when the request has an idempotency key. */
  readonly under?: { readonly claim: Claim; readonly answer: unknown } | undefined;
}

export interface NewDeal {
  readonly finalMinor: number;
  readonly currency: string;
  readonly reservationCode: string;
  readonly receipt: string | null;
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
   * other deals took what was left to concede today, or the agent has as many sessions as it may.
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
    readonly isVerified: boolean;
    readonly epoch: number;
    /** So many of the item may the agent have open, this one included; without it as many as it likes. */
    readonly maxOpenSessions?: number;
  },
  round: Round,
): Promise<Recorded | NotWritten> {
  return write(db, session, round);
}

/** Writes the next round of an open session. */
export function recordRound(
  db: Db,
  session: { readonly id: string; readonly itemId: string },
  round: Round,
): Promise<Recorded | NotWritten> {
  return write(db, { sessionId: session.id, itemId: session.itemId }, round);
}

/**
 * Runs one statement for all that a round is. Where the number of the item or what its deals may
 * concede is limited, its row is locked first, because a statement that waits for a lock still counts
 * as of before.
 */
function write(
  db: Db,
  session: Partial<RoundValues> & { readonly itemId: string },
  round: Round,
): Promise<Recorded | NotWritten> {
  const { itemId } = session;
  const { deal } = round;
  if (!deal || (deal.quantity === null && !deal.ceiling)) return run(db, session, round);
  return db.transaction(async (tx) => {
    await lockItem(tx, { itemId });
    return (await findHindrance(tx, itemId, deal)) ?? (await run(tx, session, round));
  });
}

type ItemId = Placeholders<{ itemId: string }>;

const lockItem = preparedSql(
  'lock_item',
  ({ itemId }: ItemId) => sql`
    select 1 from ${inventoryItems} where id = ${itemId} for no key update`,
);

const { id, quantity, dailyConcessionMinor, basePriceMinor } = inventoryItems;

const readLimits = preparedSql(
  'item_limits',
  ({ itemId }: ItemId) => sql`
    select case when ${quantity} is null then true
        else ${activeReservations(sql`${id}`)} < ${quantity} end as free,
      case when ${dailyConcessionMinor} is not null then ${dailyConcessionMinor}
        - ${concededToday(sql`${id}`, sql`${basePriceMinor}`)} end as left
    from ${inventoryItems} where id = ${itemId}`,
);

/** @param tx in which the item is locked */
async function findHindrance(
  tx: Tx,
  itemId: string,
  { ceiling }: NewDeal,
): Promise<NotWritten | undefined> {
  const [item] = (await readLimits(tx, { itemId })).rows;
  if (item?.['free'] === false) return 'sold_out';
  // Another deal took what was left of the day: the bid is decided again by what is left now.
  const isBeyond =
    ceiling && item?.['left'] !== null && ceiling.concededMinor > Number(item?.['left']);
  return isBeyond && !ceiling.isPromised && ceiling.concededMinor > 0 ? 'lost_race' : undefined;
}

const STATUS_AFTER: Readonly<Record<Round['outcome'], Session['status']>> = {
  accepted: 'accepted',
  countered: 'open',
  rejected: 'rejected',
  ui_required: 'pending',
};

async function run(
  db: Tx,
  session: Partial<RoundValues>,
  { deal, under, reasons, ...round }: Round,
): Promise<Recorded | 'lost_race'> {
  const isFirst = session.sessionId === undefined;
  const isLimited = session.maxOpenSessions !== undefined;
  const statement = roundStatement({ isFirst, isDeal: !!deal, isKeyed: !!under, isLimited });
  const answer = under && JSON.stringify(under.answer);
  const status = STATUS_AFTER[round.outcome];
  const why = { ...reasons, terms: JSON.stringify(reasons.terms), policyVersion: POLICY_VERSION };
  const values = { ...round, ...why, ...session, ...deal, ...under?.claim, answer, status };
  // The statement has no places for the values that its kind of round has not.
  const [row] = (await statement(db, values as RoundValues)).rows;
  if (!row) return 'lost_race';
  return { sessionId: String(row['session_id']), validUntil: Number(row['valid_until']) };
}
