/** The statement that reads what a bid is decided on. */
import type { SQL } from 'drizzle-orm';
import { and, eq, sql } from 'drizzle-orm';
import type { NonceClaim } from '../agents/repository.ts';
import { useNonces } from '../agents/repository.ts';
import type { Tx } from '../db/transaction.ts';
import type { Placeholders, Prepared } from '../db/prepared.ts';
import { prepared } from '../db/prepared.ts';
import {
  inventoryItems,
  negotiationRounds,
  negotiationSessions,
  reservations,
} from '../db/schema.ts';
import { activeReservations, concededToday, isActive } from '../deals/active-repository.ts';
import { lastTraceparent } from '../deals/reservation-repository.ts';
import type { SessionLimit } from './session-limit-repository.ts';
import { openableInSeconds } from './session-limit-repository.ts';

/** There is a statement for each kind of reading. */
interface ReadingKind {
  /** The bid is signed, and its nonces are taken for used by the same statement. */
  readonly isSigned: boolean;
  /** The bid begins a haggle, and an agent may have so many of an item. */
  readonly isLimited: boolean;
}

/** The values of all kinds; a statement takes those that its kind has. */
export interface ReadingValues extends NonceClaim, SessionLimit {
  readonly itemId: string;
  /** Null for a new haggle. */
  readonly tokenHash: Buffer | null;
}

/** Days since 1970-01-01 by the database's clock. */
const today = sql<number>`floor(extract(epoch from now()) / 86400)::int`;

const unixSeconds = (instant: SQL) => sql<number>`floor(extract(epoch from ${instant}))::float8`;

/** The bids of the joined session that were countered, in their order. */
const counteredBids = sql`array(
  select bid_minor::float8 from ${negotiationRounds}
  where ${negotiationRounds.sessionId} = ${negotiationSessions.id} and outcome = 'countered'
  order by round
)`.mapWith((bids: readonly number[]) => bids);

const s = negotiationSessions;

const FIELDS = {
  item: {
    id: inventoryItems.id,
    name: inventoryItems.name,
    description: inventoryItems.description,
    currency: inventoryItems.currency,
    active: inventoryItems.active,
    quantity: inventoryItems.quantity,
    soldOut: sql<boolean>`case when ${inventoryItems.quantity} is null then false
    else ${activeReservations(sql`${inventoryItems.id}`)} >= ${inventoryItems.quantity} end`,
  },
  controls: {
    concessionLeftMinor: sql<number | null>`case
    when ${inventoryItems.dailyConcessionMinor} is null then null
    else ${inventoryItems.dailyConcessionMinor}::float8 - ${concededToday(
      sql`${inventoryItems.id}`,
      sql`${inventoryItems.basePriceMinor}`,
    )} end`,
    draftAboveMinor: inventoryItems.draftAboveMinor,
    highValueMinor: inventoryItems.highValueMinor,
    priceEnding: inventoryItems.priceEnding,
    tellsRounds: inventoryItems.tellsRounds,
  },
  terms: {
    baseMinor: inventoryItems.basePriceMinor,
    floorMinor: inventoryItems.floorPriceMinor,
    rounds: inventoryItems.rounds,
    beta: inventoryItems.beta,
    bucketRatio: inventoryItems.bucketRatio,
    openingRatio: inventoryItems.openingRatio,
    margin: inventoryItems.margin,
    marginMinor: inventoryItems.marginMinor,
    discountCap: inventoryItems.discountCap,
  },
  session: {
    id: s.id,
    agentDid: s.agentDid,
    isVerified: s.isVerified,
    status: s.status,
    expired: sql<boolean>`${s.expiresAt} <= now()`,
    validUntil: unixSeconds(sql`${s.expiresAt}`),
    round: s.round,
    askMinor: s.askMinor,
    epoch: s.epoch,
    traceparent: lastTraceparent(sql`${s.id}`, sql`${s.round}`),
  },
  bids: counteredBids,
  deal: {
    finalMinor: reservations.priceMinor,
    reservationCode: reservations.code,
    receipt: reservations.receipt,
    validUntil: unixSeconds(sql`${reservations.heldUntil}`),
    standing: sql<boolean>`${isActive}`,
  },
  epoch: today,
};

/** The number of nonces that no other request has used; read of a signed bid alone. */
const fresh = sql<number>`(select count(*)::int from used)`;

/** The row has those of the last two alone that its kind of reading has. */
type Fields = typeof FIELDS & {
  readonly fresh: SQL<number>;
  readonly openableInSeconds: SQL<number | null>;
};

const build = (
  db: Tx,
  { isSigned, isLimited }: ReadingKind,
  places: Placeholders<ReadingValues>,
) => {
  const { itemId, tokenHash } = places;
  const used = db.$with('used', { one: sql<number>`1`.as('one') });
  const fields = {
    ...FIELDS,
    ...(isSigned && { fresh }),
    ...(isLimited && { openableInSeconds: openableInSeconds(places) }),
  } as Fields;
  return db
    .with(...(isSigned ? [used.as(useNonces(places))] : []))
    .select(fields)
    .from(inventoryItems)
    .leftJoin(s, and(eq(s.itemId, inventoryItems.id), eq(s.tokenHash, tokenHash)))
    .leftJoin(reservations, eq(reservations.sessionId, s.id))
    .where(eq(inventoryItems.id, itemId));
};

type Reading = Prepared<ReadingValues, Awaited<ReturnType<typeof build>>>;

const statements = new Map<string, Reading>();

/**
 * @returns the statement for this kind of reading; it has no row where there is no such item, and takes the
 *   nonces for used even then
 */
export function readingStatement(kind: ReadingKind): Reading {
  const name = `item_and_session${kind.isSigned ? '_signed' : ''}${kind.isLimited ? '_limited' : ''}`;
  let statement = statements.get(name);
  if (!statement) {
    statement = prepared(name, (db, places: Placeholders<ReadingValues>) =>
      build(db, kind, places),
    );
    statements.set(name, statement);
  }
  return statement;
}
