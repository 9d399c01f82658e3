import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { NonceClaim } from '../agents/repository.ts';
import { nonceClaimOf, useNonces } from '../agents/repository.ts';
import type { Db } from '../db/client.ts';
import type { Placeholders } from '../db/prepared.ts';
import { prepared, preparedSql } from '../db/prepared.ts';
import { idempotencyKeys } from '../db/schema.ts';
import type { VerifiedSignature } from '../request-scope.ts';

/** A key and its answer are kept this long, then the key is free again. */
const KEPT = sql`interval '24 hours'`;

/** A key that this process works under; `owner` tells it from whoever took it over. */
export interface Claim {
  readonly agentDid: string;
  readonly key: string;
  readonly owner: string;
}

export interface StoredAnswer {
  /** JSON. */
  readonly answer: unknown;
  /** Unix seconds. */
  readonly validUntil: number;
  readonly owner: string;
}

type Claimed =
  | { readonly kind: 'claimed' | 'running' | 'reused' | 'gone' | 'copied' }
  | ({ readonly kind: 'answered' } & StoredAnswer);

const keys = idempotencyKeys;

interface ClaimValues extends Claim, NonceClaim {
  readonly payloadHash: Buffer;
  readonly seconds: number;
}

type ClaimPlaces = Placeholders<ClaimValues>;

/** Has a row when the key was claimed. @param condition without which it is not */
const claimKeyIf = (
  { agentDid, key, owner, payloadHash, seconds }: ClaimPlaces,
  condition: SQL,
): SQL => sql`
  insert into ${keys} (agent_did, request_id, owner, payload_hash, deadline_at, expires_at)
  select ${agentDid}, ${key}, ${owner}::uuid, ${payloadHash}::bytea,
    now() + make_interval(secs => ${seconds}), now() + ${KEPT}
  where ${condition}
  on conflict (agent_did, request_id) do update set
    owner = excluded.owner, payload_hash = excluded.payload_hash, answer = null,
    valid_until = null, deadline_at = excluded.deadline_at, expires_at = excluded.expires_at
  where ${keys.expiresAt} <= now()
    or (${keys.answer} is null and ${keys.deadlineAt} <= now()
        and ${keys.payloadHash} = excluded.payload_hash)
  returning 1`;

const insertClaim = preparedSql('claim_key', (places: ClaimPlaces) =>
  claimKeyIf(places, sql`true`),
);

/** Takes the nonces of a signed request for used too, and claims nothing for a copy. */
const insertSignedClaim = preparedSql('claim_key_signed', (places: ClaimPlaces) => {
  const isFresh = sql`(select count(*) from used) = cardinality(${places.digests}::text[])`;
  return sql`
    with used as (${useNonces(places)}), claimed as (${claimKeyIf(places, isFresh)})
    select ${isFresh} as is_fresh, exists (select 1 from claimed) as is_claimed`;
});

const findKey = prepared(
  'find_key',
  (
    db,
    { agentDid, key, payloadHash }: Placeholders<Omit<Claim, 'owner'> & { payloadHash: Buffer }>,
  ) =>
    db
      .select({
        same: sql<boolean>`${keys.payloadHash} = ${payloadHash}`,
        owner: keys.owner,
        answer: keys.answer,
        validUntil: keys.validUntil,
      })
      .from(keys)
      .where(sql`${keys.agentDid} = ${agentDid} and ${keys.requestId} = ${key}`),
);

/**
 * Claims a key that is new, has expired, or whose owner has died: its deadline is over and there
 * is no answer. `gone` means that it was let go of in between, and `copied` that a nonce of the signature,
 * which is used up, was used before.
 */
export async function claimKey(
  db: Db,
  claim: Claim,
  request: {
    readonly payloadHash: Buffer;
    readonly remainingMs: number;
    readonly signature: VerifiedSignature | undefined;
  },
): Promise<Claimed> {
  const { payloadHash, remainingMs, signature } = request;
  const seconds = Math.max(0, remainingMs) / 1_000;
  const { isFresh, isClaimed } = await insert(db, { ...claim, payloadHash, seconds }, signature);
  if (!isFresh) return { kind: 'copied' };
  if (isClaimed) return { kind: 'claimed' };

  const [row] = await findKey(db, { ...claim, payloadHash });
  if (!row) return { kind: 'gone' };
  if (!row.same) return { kind: 'reused' };
  if (row.answer === null || row.validUntil === null) return { kind: 'running' };
  const { answer, validUntil } = row;
  return { kind: 'answered', answer, validUntil, owner: row.owner };
}

async function insert(
  db: Db,
  claim: Omit<ClaimValues, keyof NonceClaim>,
  signature: VerifiedSignature | undefined,
): Promise<{ readonly isFresh: boolean; readonly isClaimed: boolean }> {
  if (signature === undefined) {
    const { rowCount } = await insertClaim(db, claim as ClaimValues);
    return { isFresh: true, isClaimed: rowCount === 1 };
  }
  const [row] = (await insertSignedClaim(db, { ...claim, ...nonceClaimOf(signature) })).rows;
  return { isFresh: row?.['is_fresh'] === true, isClaimed: row?.['is_claimed'] === true };
}

const isMine = ({ agentDid, key, owner }: Placeholders<Claim>): SQL =>
  sql`agent_did = ${agentDid} and request_id = ${key} and owner = ${owner} and answer is null`;

const deleteKey = preparedSql(
  'release_key',
  (claim: Placeholders<Claim>) => sql`delete from ${keys} where ${isMine(claim)}`,
);

/** Lets go of a key under which nothing was decided. */
export async function releaseKey(db: Db, claim: Claim): Promise<void> {
  await deleteKey(db, claim);
}

/** A claim, and the answer to be kept under it, as JSON. */
type Answering = Placeholders<Claim & { readonly answer: string }>;

/**
 * Two parts of a statement that decides something under a key. `mine` has a row while the key is
 * ours, and keeps it so to the end of the transaction; `answered` writes the answer if `decision`,
 * another part, has a row, with what `more`, a JSON object, adds to it.
 */
export function underKey(
  places: Answering,
  validUntil: SQL,
): { readonly mine: SQL; readonly answered: (decision: SQL, more: SQL) => SQL } {
  return {
    mine: sql`select 1 from ${keys} where ${isMine(places)} for update`,
    answered: (decision, more) => sql`
      update ${keys} set answer = ${places.answer}::jsonb || ${more}, valid_until = ${validUntil}
      where ${isMine(places)} and exists (select 1 from ${decision}) returning 1`,
  };
}

const updateAnswer = preparedSql(
  'answer_key',
  (places: Answering & Placeholders<{ validUntil: number }>) => sql`
    update ${keys} set answer = ${places.answer}::jsonb, valid_until = ${places.validUntil}
    where ${isMine(places)}`,
);

/** Writes an answer behind which there is no session. @returns false when the key is not ours */
export async function answerKey(
  db: Db,
  claim: Claim,
  { answer, validUntil }: Omit<StoredAnswer, 'owner'>,
): Promise<boolean> {
  const values = { ...claim, answer: JSON.stringify(answer), validUntil };
  return (await updateAnswer(db, values)).rowCount === 1;
}

/** One statement of the sweeper deletes at most this many rows, and holds no more. */
const SWEEP_BATCH = 1_000;

/** Deletes expired keys. @returns how many */
export async function sweepKeys(db: Db, signal: AbortSignal): Promise<number> {
  let swept = 0;
  while (!signal.aborted) {
    const { rowCount } = await db.execute(sql`
      delete from ${idempotencyKeys} where (agent_did, request_id) in (
        select agent_did, request_id from ${idempotencyKeys} where expires_at <= now()
        limit ${SWEEP_BATCH} for update skip locked)`);
    swept += rowCount ?? 0;
    if ((rowCount ?? 0) < SWEEP_BATCH) break;
  }
  return swept;
}
