/** What a haggle left behind in the database, for the seller alone: it has the floor. */
import { readReservationCode } from '@aura/proto/limits.ts';
import { asc, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import {
  inventoryItems,
  negotiationRounds,
  negotiationSessions,
  reservations,
} from '../db/schema.ts';
import { ending } from './report-repository.ts';

export type ExplainedRound = Pick<
  typeof negotiationRounds.$inferSelect,
  | 'round'
  | 'bidMinor'
  | 'outcome'
  | 'askMinor'
  | 'createdAt'
  | 'traceparent'
  | 'strategy'
  | 'words'
  | 'isVerified'
  | 'policyVersion'
  | 'terms'
>;

/** A haggle with its rounds, in their order. Money is in minor units of the currency. */
export interface Explanation {
  /** The session's, which is the deal's too. */
  readonly id: string;
  /** One of `ENDINGS`, or `deal`. */
  readonly ended: string;
  readonly itemId: string;
  readonly itemName: string;
  readonly agentDid: string;
  readonly isVerified: boolean;
  readonly currency: string;
  /** Null without a deal. */
  readonly priceMinor: number | null;
  readonly rounds: readonly ExplainedRound[];
}

/** @param codeOrId a reservation's code, or the id of a session in lower case, with a deal or without */
export async function findExplanation(db: Db, codeOrId: string): Promise<Explanation | undefined> {
  const [s, r, each] = [negotiationSessions, reservations, negotiationRounds];
  const code = readReservationCode(codeOrId);
  const [haggle] = await db
    .select({
      id: s.id,
      ended: sql<string>`(select ${ending} from negotiation_sessions s
        left join reservations r on r.session_id = s.id where s.id = ${s.id})`,
      itemId: s.itemId,
      itemName: inventoryItems.name,
      agentDid: s.agentDid,
      isVerified: s.isVerified,
      currency: inventoryItems.currency,
      priceMinor: r.priceMinor,
    })
    .from(s)
    .innerJoin(inventoryItems, eq(inventoryItems.id, s.itemId))
    .leftJoin(r, eq(r.sessionId, s.id))
    .where(code === undefined ? eq(s.id, codeOrId) : eq(r.code, code));
  if (!haggle) return undefined;
  const rounds = await db
    .select({
      round: each.round,
      bidMinor: each.bidMinor,
      outcome: each.outcome,
      askMinor: each.askMinor,
      createdAt: each.createdAt,
      traceparent: each.traceparent,
      strategy: each.strategy,
      words: each.words,
      isVerified: each.isVerified,
      policyVersion: each.policyVersion,
      terms: each.terms,
    })
    .from(each)
    .where(eq(each.sessionId, haggle.id))
    .orderBy(asc(each.round));
  return { ...haggle, rounds };
}
