/** How many haggles an agent may have open of one item, as the database counts them. */
import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import type { Placeholders } from '../db/prepared.ts';
import { inventoryItems, negotiationSessions } from '../db/schema.ts';

/** Whose haggles are counted: those of bids that were signed, or of bids in the same name that were not. */
export interface SessionLimit {
  readonly agentDid: string;
  readonly isVerified: boolean;
  /** At least 1. */
  readonly maxOpenSessions: number;
}

type Places = Placeholders<SessionLimit>;

/**
 * The whole seconds until an agent may open one more session of the item that is read; null while it may.
 * A session counts until its quote ends, or its bid no longer waits for a person. When as many of them last
 * as may be, the one of these that ends first makes room.
 */
export const openableInSeconds = ({ agentDid, isVerified, maxOpenSessions }: Places) =>
  sql<number | null>`(
    select greatest(1, ceil(extract(epoch from o.expires_at - now())))::int
    from ${negotiationSessions} o
    where o.item_id = ${inventoryItems.id} and o.agent_did = ${agentDid}
      and o.is_verified = ${isVerified}::boolean and o.status in ('open', 'pending') and o.expires_at > now()
    order by o.expires_at desc offset ${maxOpenSessions}::int - 1 limit 1)`;

/**
 * Whether the agent may open one more session now. Those who ask at the same time are let through one after the
 * other, and each counts the session of the one before; see migration 0016.
 */
export const mayOpenSession = (
  { agentDid, isVerified, maxOpenSessions }: Places,
  itemId: Placeholders<{ itemId: string }>['itemId'],
): SQL =>
  sql`may_open_session(${itemId}, ${agentDid}, ${isVerified}::boolean, ${maxOpenSessions}::int)`;
