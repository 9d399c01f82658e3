import type { DEAL_STATUSES, RESERVATION_STATUSES } from '@aura/proto/limits.ts';
import type { SQL } from 'drizzle-orm';
import { readReservationCode } from '@aura/proto/limits.ts';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
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
import { POLICY_VERSION } from '../policy-version.ts';
import type { DealTerms } from './receipt.ts';

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

/** A deal as the seller sees it: a reservation, or a bid that waits for a person. */
export interface Deal extends Omit<Reservation, 'code' | 'status' | 'haggle'> {
  /** The session's; names the deal before there is a code. */
  readonly id: string;
  readonly status: (typeof DEAL_STATUSES)[keyof typeof DEAL_STATUSES];
  /** Undefined before the deal was approved. */
  readonly code: string | undefined;
}

/** Takes one of the item: it is confirmed, or held and not expired. */
export const isActive = sql`(${reservations.status} = 'confirmed'
  or (${reservations.status} = 'held' and ${reservations.heldUntil} > now()))`;

/** The number of an item that is taken, which is counted in an index alone, past what was given back or has expired. */
export const activeReservations = (itemId: SQL): SQL =>
  sql`((select count(*) from ${reservations} where ${reservations.itemId} = ${itemId}
      and ${reservations.status} = 'confirmed')
    + (select count(*) from ${reservations} where ${reservations.itemId} = ${itemId}
      and ${reservations.status} = 'held' and ${reservations.heldUntil} > now()))`;

/**
 * What the deals of today, in UTC, concede of an item's list price: those that are active. A deal
 * that is given back or not confirmed concedes nothing any more.
 */
export const concededToday = (itemId: SQL, basePriceMinor: SQL): SQL<number> =>
  sql<number>`(select coalesce(sum(greatest(${basePriceMinor} - ${reservations.priceMinor}, 0)), 0)::float8
    from ${reservations} where ${reservations.itemId} = ${itemId} and ${isActive}
    and ${reservations.createdAt} >= date_trunc('day', now() at time zone 'utc') at time zone 'utc')`;

export async function findConcededToday(db: Db, itemId: string): Promise<number> {
  const { id, basePriceMinor } = inventoryItems;
  const [found] = await db
    .select({ minor: concededToday(sql`${id}`, sql`${basePriceMinor}`) })
    .from(inventoryItems)
    .where(eq(id, itemId));
  return found?.minor ?? 0;
}

/** The span of the bid in one round of a session, see `traceparent` in the schema. */
export const lastTraceparent = (sessionId: SQL, round: SQL): SQL<string | null> =>
  sql<string | null>`(select r.traceparent from ${negotiationRounds} r
    where r.session_id = ${sessionId} and r.round = ${round})`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const now = sql`now()`;
const status = sql<ReservationStatus>`case
  when ${reservations.status} = 'held' and ${reservations.heldUntil} <= now() then 'expired'
  else ${reservations.status}::text end`;
const heldUntil = sql<number>`floor(extract(epoch from ${reservations.heldUntil}))::float8`;

const reservationColumns = {
  code: reservations.code,
  itemId: reservations.itemId,
  itemName: inventoryItems.name,
  agentDid: reservations.agentDid,
  priceMinor: reservations.priceMinor,
  currency: reservations.currency,
  status,
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
function isNamed(codeOrId: string): SQL {
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

const dealStatus = sql<Deal['status']>`case
  when ${reservations.id} is not null then ${status}
  when ${negotiationSessions.status} = 'pending' and ${negotiationSessions.expiresAt} <= now() then 'expired'
  else ${negotiationSessions.status}::text end`;

/** Reservations, and bids that wait or waited for a person; the latest first. */
export function listDeals(
  db: Db,
  filter: { readonly status: Deal['status'] | undefined; readonly limit: number },
): Promise<Deal[]> {
  const { status: wanted, limit } = filter;
  return selectDeals(db, wanted && sql`${dealStatus} = ${wanted}`, limit);
}

export async function findDeal(db: Db, codeOrId: string): Promise<Deal | undefined> {
  const isIt = UUID.test(codeOrId) ? eq(negotiationSessions.id, codeOrId) : isNamed(codeOrId);
  return (await selectDeals(db, isIt, 1))[0];
}

async function selectDeals(db: Db, where: SQL | undefined, limit: number): Promise<Deal[]> {
  const s = negotiationSessions;
  const rows = await db
    .select({
      ...reservationColumns,
      id: s.id,
      code: reservations.code,
      itemId: s.itemId,
      agentDid: s.agentDid,
      priceMinor: sql<number>`coalesce(${reservations.priceMinor},
        least(${negotiationRounds.bidMinor}, ${inventoryItems.basePriceMinor}))`.mapWith(Number),
      currency: inventoryItems.currency,
      status: dealStatus,
      heldUntil: sql<number>`floor(extract(epoch from
        coalesce(${reservations.heldUntil}, ${s.expiresAt})))::float8`,
    })
    .from(s)
    .innerJoin(inventoryItems, eq(inventoryItems.id, s.itemId))
    .innerJoin(
      negotiationRounds,
      and(eq(negotiationRounds.sessionId, s.id), eq(negotiationRounds.round, s.round)),
    )
    .leftJoin(reservations, eq(reservations.sessionId, s.id))
    .where(and(inArray(s.status, ['accepted', 'pending', 'approved', 'declined']), where))
    .orderBy(desc(s.updatedAt))
    .limit(limit);
  return rows.map(({ code, ...deal }) => ({ ...deal, code: code ?? undefined }));
}

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
    .set({ status: 'declined', updatedAt: now })
    .where(and(eq(s.id, id), sql`${s.status} = 'pending' and ${s.expiresAt} > now()`))
    .returning({
      sessionId: s.id,
      traceparent: lastTraceparent(sql`${s.id}`, sql`${s.round}`),
    });
  return declined;
}
