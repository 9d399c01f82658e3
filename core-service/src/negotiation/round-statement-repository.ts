/** The statement that writes a round, with all that must not be there without it. */
import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { Placeholders, Prepared, Rows } from '../db/prepared.ts';
import { preparedSql } from '../db/prepared.ts';
import { negotiationRounds, negotiationSessions, reservations } from '../db/schema.ts';
import type { Claim } from '../idempotency/repository.ts';
import { underKey } from '../idempotency/repository.ts';
import type { SessionLimit } from './session-limit-repository.ts';
import { mayOpenSession } from './session-limit-repository.ts';

/** There is a statement for each kind of round. */
export interface RoundKind {
  /** The session begins with it. */
  readonly isFirst: boolean;
  readonly isDeal: boolean;
  /** Its answer is kept under an idempotency key. */
  readonly isKeyed: boolean;
  /** The session begins with it, and an agent may have so many of an item. */
  readonly isLimited: boolean;
}

/** The values of all kinds; a statement takes those that its kind has. Money is in minor units. */
export interface RoundValues extends Claim, SessionLimit {
  readonly round: number;
  readonly bidMinor: number;
  readonly outcome: string;
  readonly askMinor: number;
  readonly status: string;
  readonly ttlSeconds: number;
  readonly traceparent: string | null;
  readonly strategy: string;
  readonly words: string | null;
  /** Of the bid, and of a session that begins with it. */
  readonly isVerified: boolean;
  readonly policyVersion: string;
  /** JSON. */
  readonly terms: string;
  /** The next three are of a first round; the agent's DID is too, and a limit where there is one. */
  readonly tokenHash: Buffer;
  readonly itemId: string;
  readonly epoch: number;
  /** The session that a later round belongs to. */
  readonly sessionId: string;
  /** The next five are of a deal. */
  readonly reservationCode: string;
  readonly receipt: string | null;
  readonly finalMinor: number;
  readonly currency: string;
  readonly holdSeconds: number;
  /** JSON, for a key, which the claim is of. */
  readonly answer: string;
}

type Places = Placeholders<RoundValues>;

const statements = new Map<string, Prepared<RoundValues, Rows>>();

/**
 * @returns the statement for this kind of round; its row has `session_id` and `valid_until` (Unix
 *   seconds), and there is none where nothing was written
 */
export function roundStatement(kind: RoundKind): Prepared<RoundValues, Rows> {
  const { isFirst, isDeal, isKeyed, isLimited } = kind;
  const name = `${isFirst ? 'first' : 'next'}_round${isDeal ? '_deal' : ''}${isKeyed ? '_keyed' : ''}${isLimited ? '_limited' : ''}`;
  let statement = statements.get(name);
  if (!statement) {
    statement = preparedSql(name, (places: Places) => writeAll(kind, places));
    statements.set(name, statement);
  }
  return statement;
}

function writeAll({ isFirst, isDeal, isKeyed, isLimited }: RoundKind, places: Places): SQL {
  const { round, bidMinor, outcome, askMinor, ttlSeconds, traceparent } = places;
  const { strategy, words, isVerified, policyVersion, terms } = places;
  const validUntil = sql`floor(extract(epoch from ${after(ttlSeconds)}))::float8`;
  const key = isKeyed ? underKey(places, validUntil) : undefined;
  const ifMine = key ? sql`exists (select 1 from mine)` : sql`true`;
  const ifAllowed = isLimited
    ? sql`${ifMine} and ${mayOpenSession(places, places.itemId)}`
    : ifMine;
  const session = isFirst ? open(places, ifAllowed) : goOn(places, ifMine);
  const parts = [
    ...(key ? [sql`mine as (${key.mine})`] : []),
    sql`session as (${session} returning id, item_id, agent_did)`,
    ...(isDeal ? [sql`reservation as (${reserve(places)})`] : []),
    ...(key ? [sql`answered as (${key.answered(sql`session`, SESSION_ID)})`] : []),
  ];
  return sql`
    with ${sql.join(parts, sql`, `)}
    insert into ${negotiationRounds} (session_id, round, bid_minor, outcome, ask_minor, traceparent,
      strategy, words, is_verified, policy_version, terms)
    select id, ${round}::int, ${bidMinor}::bigint, ${outcome}::round_outcome, ${askMinor}::bigint,
      ${traceparent}, ${strategy}, ${words}, ${isVerified}::boolean, ${policyVersion}, ${terms}::jsonb
    from session
    returning session_id, ${validUntil} as valid_until`;
}

/** The database gives the session its id, which is a part of the answer. */
const SESSION_ID = sql`(select jsonb_build_object('sessionId', id) from session)`;

const open = (places: Places, ifAllowed: SQL): SQL => sql`
  insert into ${negotiationSessions}
    (token_hash, item_id, agent_did, is_verified, epoch, round, status, ask_minor, expires_at)
  select ${places.tokenHash}::bytea, ${places.itemId}, ${places.agentDid}, ${places.isVerified}::boolean,
    ${places.epoch}::int, ${places.round}::int, ${places.status}::session_status, ${places.askMinor}::bigint,
    ${after(places.ttlSeconds)}
  where ${ifAllowed}`;

const goOn = (places: Places, ifMine: SQL): SQL => sql`
  update ${negotiationSessions} set
    round = ${places.round}, status = ${places.status}, ask_minor = ${places.askMinor},
    expires_at = ${after(places.ttlSeconds)}, updated_at = now()
  where id = ${places.sessionId} and round = ${places.round}::int - 1 and status = 'open'
    and expires_at > now() and ${ifMine}`;

/** Reserves the item for the session that the part `session` wrote. */
const reserve = (places: Places): SQL => sql`
  insert into ${reservations}
    (session_id, item_id, agent_did, code, receipt, price_minor, currency, held_until)
  select id, item_id, agent_did, ${places.reservationCode}, ${places.receipt},
    ${places.finalMinor}::bigint, ${places.currency}, ${after(places.holdSeconds)}
  from session
  returning 1`;

const after = (seconds: Places['ttlSeconds' | 'holdSeconds']): SQL =>
  sql`now() + make_interval(secs => ${seconds})`;
