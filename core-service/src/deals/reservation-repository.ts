import type { RESERVATION_STATUSES } from '@aura/proto/limits.ts';
import type { SQL } from 'drizzle-orm';
import { readReservationCode } from '@aura/proto/limits.ts';
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Placeholders } from '../db/prepared.ts';
import { prepared } from '../db/prepared.ts';
import {
  inventoryItems,
  negotiationRounds,
  negotiationSessions,
  reservations,
} from '../db/schema.ts';
import type { Tx } from '../db/transaction.ts';
import { isActive } from './active-repository.ts';

type ReservationStatus = (typeof RESERVATION_STATUSES)[keyof typeof RESERVATION_STATUSES];

export interface Reservation {
  readonly code: string;
  readonly itemId: string;
  readonly itemName: string;
  readonly agentDid: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly status: ReservationStatus;
  /** Unix seconds. */
  readonly heldUntil: number;
  /** Null where there was no key when the deal was made. */
  readonly receipt: string | null;
  readonly haggle: Haggle;
}

/** The haggle that a deal came of, for the spans of the deal. */
export interface Haggle {
  readonly sessionId: string;
  /** The span of its last bid, as a W3C traceparent; null where that was not traced. */
  readonly traceparent: string | null;
}

/** The span of the bid in one round of a session, see `traceparent` in the schema. */
export const lastTraceparent = (sessionId: SQL, round: SQL): SQL<string | null> =>
  sql<string | null>`(select r.traceparent from ${negotiationRounds} r
    where r.session_id = ${sessionId} and r.round = ${round})`;

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const now = sql`now()`;
export const reservationStatus = sql<ReservationStatus>`case
  when ${reservations.status} = 'held' and ${reservations.heldUntil} <= now() then 'expired'
  else ${reservations.status}::text end`;
const heldUntil = sql<number>`floor(extract(epoch from ${reservations.heldUntil}))::float8`;

export const reservationColumns = {
  code: reservations.code,
  itemId: reservations.itemId,
  itemName: inventoryItems.name,
  agentDid: reservations.agentDid,
  priceMinor: reservations.priceMinor,
  currency: reservations.currency,
  status: reservationStatus,
  heldUntil,
  receipt: reservations.receipt,
};

type Named = Placeholders<{ name: string }>;

const selectByCode = prepared('reservation_by_code', (db, { name }: Named) =>
  selectReservation(db).where(eq(reservations.code, name)),
);
const selectByDeal = prepared('reservation_by_deal', (db, { name }: Named) =>
  selectReservation(db).where(eq(reservations.sessionId, name)),
);

function selectReservation(db: Tx) {
  return db
    .select({
      ...reservationColumns,
      haggle: {
        sessionId: reservations.sessionId,
        traceparent: lastTraceparent(
          sql`${reservations.sessionId}`,
          sql`(select s.round from ${negotiationSessions} s where s.id = ${reservations.sessionId})`,
        ),
      },
    })
    .from(reservations)
    .innerJoin(inventoryItems, eq(inventoryItems.id, reservations.itemId));
}

export async function findReservation(db: Db, codeOrId: string): Promise<Reservation | undefined> {
  const code = readReservationCode(codeOrId);
  if (code !== undefined) return (await selectByCode(db, { name: code }))[0];
  if (!UUID.test(codeOrId)) return undefined;
  return (await selectByDeal(db, { name: codeOrId }))[0];
}

/**
 * Makes a held reservation last. The item is locked first, as where it is sold, and the clock read
 * after that: so no hold is confirmed that another buyer was already told has expired.
 *
 * @returns whether it was moved
 */
export function confirmReservation(db: Db, codeOrId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`
      select 1 from ${inventoryItems} where id in (
        select ${reservations.itemId} from ${reservations} where ${isNamed(codeOrId)}
      ) for no key update`);
    const { rowCount } = await tx
      .update(reservations)
      .set({ status: 'confirmed', updatedAt: now })
      .where(
        and(
          isNamed(codeOrId),
          eq(reservations.status, 'held'),
          sql`${reservations.heldUntil} > clock_timestamp()`,
        ),
      );
    return rowCount === 1;
  });
}

/** A code names a reservation, and so does the id of its deal. */
export function isNamed(codeOrId: string): SQL {
  const code = readReservationCode(codeOrId);
  if (code !== undefined) return eq(reservations.code, code);
  return UUID.test(codeOrId) ? eq(reservations.sessionId, codeOrId) : sql`false`;
}

type GivenBack = Named & Placeholders<{ from: 'held' | 'active' }>;

const releaseByCode = prepared('release_by_code', (db, { name, from }: GivenBack) =>
  giveBack(db, eq(reservations.code, name), from),
);
const releaseByDeal = prepared('release_by_deal', (db, { name, from }: GivenBack) =>
  giveBack(db, eq(reservations.sessionId, name), from),
);

function giveBack(db: Tx, isIt: SQL, from: GivenBack['from']) {
  return db
    .update(reservations)
    .set({ status: 'released', updatedAt: now })
    .where(and(isIt, isActive, sql`(${from}::text = 'active' or ${reservations.status} = 'held')`));
}

/**
 * Gives a reservation back, if it is where it may be given back from. Who comes second changes
 * nothing.
 *
 * @param from `active` is held and not expired, or confirmed
 * @returns whether it was moved
 */
export async function giveBackReservation(
  db: Db,
  codeOrId: string,
  from: 'held' | 'active',
): Promise<boolean> {
  const code = readReservationCode(codeOrId);
  if (code === undefined && !UUID.test(codeOrId)) return false;
  const { rowCount } =
    code === undefined
      ? await releaseByDeal(db, { name: codeOrId, from })
      : await releaseByCode(db, { name: code, from });
  return rowCount === 1;
}
