import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';

/** The ways in which a haggle can stand or have ended, besides a deal. */
export const ENDINGS = [
  /** The buyer had a counter-offer and did not come back. */
  'left',
  'rejected',
  /** A bid waits for a person. */
  'pending',
  'declined',
  /** A person did not answer in time, or nobody confirmed the deal. */
  'expired',
  /** A deal was given back. */
  'released',
  /** The quote still stands. */
  'open',
] as const;

/** How a haggle `s` with the reservation `r` stands or has ended: one of the above, or `deal`. */
export const ending = sql`case
  when r.status = 'held' and r.held_until <= now() then 'expired'
  when r.status = 'released' then 'released'
  when r.status is not null then 'deal'
  when s.status = 'open' and s.expires_at <= now() then 'left'
  when s.status = 'pending' and s.expires_at <= now() then 'expired'
  else s.status::text
end`;

/** One item on one day, by the clock of the database in UTC. */
export interface DayOfItem {
  readonly itemId: string;
  /** A day such as `2026-03-01`. */
  readonly day: string;
  readonly currency: string;
  readonly haggles: number;
  readonly deals: number;
  /** Mean of (price − floor) / (list price − floor) over the deals; undefined without one. */
  readonly kept: number | undefined;
  /** The sum of list price − price over the deals. */
  readonly concededMinor: number;
  readonly ended: { readonly [Ending in (typeof ENDINGS)[number]]: number };
  /** The number of haggles that are not open any more, by how many bids they had. */
  readonly rounds: Readonly<Record<string, number>>;
}

/**
 * Counts the haggles that began in the last days, today included, by item and day, the latest first.
 * Prices and floors are those that the items have now.
 */
export async function reportDays(
  db: Db,
  { itemId, days }: { readonly itemId: string | undefined; readonly days: number },
): Promise<DayOfItem[]> {
  const counts = ENDINGS.map(
    (each) => sql`'${sql.raw(each)}', count(*) filter (where ended = '${sql.raw(each)}')`,
  );
  const { rows } = await db.execute(sql`
    with haggles as (
      select s.item_id, (s.created_at at time zone 'utc')::date as day, s.round, i.currency,
        i.base_price_minor as base, i.floor_price_minor as floor, r.price_minor as price,
        ${ending} as ended
      from negotiation_sessions s
      join inventory_items i on i.id = s.item_id
      left join reservations r on r.session_id = s.id
      where s.created_at >=
          (date_trunc('day', now() at time zone 'utc') - make_interval(days => ${days - 1}))
          at time zone 'utc'
        ${itemId === undefined ? sql`` : sql`and s.item_id = ${itemId}`}
    ),
    by_round as (
      select item_id, day, round, count(*) as haggles from haggles
      where ended <> 'open' group by item_id, day, round
    ),
    rounds as (
      select item_id, day, jsonb_object_agg(round, haggles) as rounds from by_round
      group by item_id, day
    )
    select h.item_id, to_char(h.day, 'YYYY-MM-DD') as day, h.currency, count(*)::int as haggles,
      count(*) filter (where ended = 'deal')::int as deals,
      avg((price - floor)::float8 / nullif(base - floor, 0)) filter (where ended = 'deal') as kept,
      coalesce(sum(greatest(base - price, 0)) filter (where ended = 'deal'), 0)::float8 as conceded,
      jsonb_build_object(${sql.join(counts, sql`, `)}) as ended, coalesce(rounds, '{}') as rounds
    from haggles h left join rounds using (item_id, day)
    group by h.item_id, h.day, h.currency, rounds order by h.day desc, h.item_id`);
  return rows.map((row) => ({
    itemId: String(row['item_id']),
    day: String(row['day']),
    currency: String(row['currency']),
    haggles: Number(row['haggles']),
    deals: Number(row['deals']),
    kept: row['kept'] === null ? undefined : Number(row['kept']),
    concededMinor: Number(row['conceded']),
    ended: row['ended'] as DayOfItem['ended'],
    rounds: row['rounds'] as DayOfItem['rounds'],
  }));
}
