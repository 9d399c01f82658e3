import { hash } from 'node:crypto';
import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Placeholders } from '../db/prepared.ts';
import { preparedSql } from '../db/prepared.ts';
import { usedNonces } from '../db/schema.ts';
import type { VerifiedSignature } from '../request-scope.ts';

/**
 * Nonces are kept for so long after the signature has ended, because the gateway's clock may be slower than
 * the database's.
 */
const KEPT = sql`interval '10 minutes'`;

/** The values that the nonces of a request are taken for used by. */
export interface NonceClaim {
  /** Hex digests, in their order, so that two claims cannot wait for each other. */
  readonly digests: readonly string[];
  readonly exchangeId: string;
  readonly validUntil: number;
}

export function nonceClaimOf({
  agentDid,
  nonces,
  validUntil,
  exchangeId,
}: VerifiedSignature): NonceClaim {
  const digests = [...new Set(nonces)].map((each) => hash('sha256', `${agentDid} ${each}`)).sort();
  return { digests, exchangeId, validUntil };
}

/**
 * The part of a statement that takes the nonces of a request for used. It has a row for each one that no
 * other request has used, and first waits for one that is just using it. The gateway may send the same
 * request once more, to another core; a copy has another exchange id.
 */
export function useNonces({ digests, exchangeId, validUntil }: Placeholders<NonceClaim>): SQL {
  return sql`
    insert into ${usedNonces} (digest, exchange_id, expires_at)
    select decode(unnest(${digests}::text[]), 'hex'), ${exchangeId}::uuid,
      to_timestamp(${validUntil}::float8) + ${KEPT}
    on conflict (digest) do update set exchange_id = excluded.exchange_id
    where ${usedNonces.exchangeId} = excluded.exchange_id
    returning 1`;
}

const claim = preparedSql('claim_nonces', useNonces);

/** Takes the nonces of a request for used. @returns false when one of them was used by another request */
export async function claimNonces(db: Db, signature: VerifiedSignature): Promise<boolean> {
  const values = nonceClaimOf(signature);
  return (await claim(db, values)).rowCount === values.digests.length;
}

/** One statement of the sweeper deletes at most this many rows, and holds no more. */
const SWEEP_BATCH = 1_000;

/** Deletes the nonces of signatures that have ended. @returns how many */
export async function sweepNonces(db: Db, signal: AbortSignal): Promise<number> {
  let swept = 0;
  while (!signal.aborted) {
    const { rowCount } = await db.execute(sql`
      delete from ${usedNonces} where digest in (
        select digest from ${usedNonces} where expires_at <= now()
        limit ${SWEEP_BATCH} for update skip locked)`);
    swept += rowCount ?? 0;
    if ((rowCount ?? 0) < SWEEP_BATCH) break;
  }
  return swept;
}
