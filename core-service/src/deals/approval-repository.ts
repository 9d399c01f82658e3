/** These statements write down what a person says to a bid that waits. */
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { negotiationSessions } from '../db/schema.ts';
import { POLICY_VERSION } from '../policy-version.ts';
import { activeReservations } from './active-repository.ts';
import type { DealTerms } from './receipt.ts';
import type { Haggle } from './reservation-repository.ts';
import { lastTraceparent, UUID } from './reservation-repository.ts';

export type Approval = 'approved' | 'not_found' | 'not_pending' | 'below_floor' | 'sold_out';

export interface NewReservation {
  readonly code: string;
  readonly holdSeconds: number;
  readonly sign: (terms: DealTerms) => Promise<string | null>;
}

/** Turns a bid that waits into a reservation, at the bid but for no more than the list price. */
export function approveDeal(
  db: Db,
  id: string,
  { code, holdSeconds, sign }: NewReservation,
): Promise<Approval> {
  if (!UUID.test(id)) return Promise.resolve('not_found');
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute(sql`
      select s.status = 'pending' and s.expires_at > now() as pending,
        least(r.bid_minor, i.base_price_minor) < i.floor_price_minor as below, i.quantity, i.id,
        least(r.bid_minor, i.base_price_minor)::float8 as price, i.currency, s.agent_did,
        coalesce(r.is_verified, s.is_verified) as verified, r.traceparent
      from negotiation_sessions s
      join inventory_items i on i.id = s.item_id
      join negotiation_rounds r on r.session_id = s.id and r.round = s.round
      where s.id = ${id} for no key update of i, s`);
    const [deal] = rows;
    if (!deal) return 'not_found';
    if (deal['pending'] !== true) return 'not_pending';
    if (deal['below'] === true) return 'below_floor';
    // The item is locked by now, so that this count is of the present.
    const free = await tx.execute(sql`
      select coalesce(${activeReservations(sql`i.id`)} < i.quantity, true) as free
      from inventory_items i where i.id = ${deal['id']}`);
    if (free.rows[0]?.['free'] === false) return 'sold_out';
    const receipt = await sign(termsOf(deal, code));
    await tx.execute(sql`
      with session as (
        update negotiation_sessions s set status = 'approved', updated_at = now()
        where s.id = ${id} returning s.id, s.item_id, s.agent_did, s.round
      )
      insert into reservations
        (session_id, item_id, agent_did, code, receipt, price_minor, currency, held_until)
      select s.id, s.item_id, s.agent_did, ${code}, ${receipt},
        least(r.bid_minor, i.base_price_minor), i.currency,
        now() + make_interval(secs => ${holdSeconds})
      from session s
      join inventory_items i on i.id = s.item_id
      join negotiation_rounds r on r.session_id = s.id and r.round = s.round`);
    return 'approved';
  });
}

function termsOf(deal: Readonly<Record<string, unknown>>, reservationCode: string): DealTerms {
  return {
    reservationCode,
    itemId: String(deal['id']),
    priceMinor: Number(deal['price']),
    currency: String(deal['currency']),
    agentDid: String(deal['agent_did']),
    isVerified: deal['verified'] === true,
    policyVersion: POLICY_VERSION,
    traceparent: deal['traceparent'] as string | null,
  };
}

/** @returns the haggle of the bid that waited; undefined where none did */
export async function declineDeal(db: Db, id: string): Promise<Haggle | undefined> {
  if (!UUID.test(id)) return undefined;
  const s = negotiationSessions;
  const [declined] = await db
    .update(s)
    .set({ status: 'declined', updatedAt: sql`now()` })
    .where(and(eq(s.id, id), sql`${s.status} = 'pending' and ${s.expiresAt} > now()`))
    .returning({
      sessionId: s.id,
      traceparent: lastTraceparent(sql`${s.id}`, sql`${s.round}`),
    });
  return declined;
}
