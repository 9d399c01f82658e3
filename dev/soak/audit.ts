/** Holds what the buyers were told against what the database holds; every figure must be 0. */
import type { Ledger } from './ledger.ts';
import type { SoakStack } from './stack.ts';
import { POOL } from './stack.ts';

interface Row {
  readonly code: string;
  readonly price: number;
  readonly item_id: string;
  readonly agent_did: string;
  readonly times: number;
}

/** @param ledger what was told; its deals are those that must be there, and no others */
export async function auditDeals(
  stack: Pick<SoakStack, 'query'>,
  ledger: Pick<Ledger, 'deals' | 'contradictions'>,
): Promise<Record<string, number>> {
  const rows = await stack.query<Row>(
    `select code, price_minor / 100.0::float8 as price, item_id, agent_did,
       count(*) over (partition by session_id)::int as times from reservations`,
  );
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const deals = ledger.deals();
  const told = new Set(deals.map(({ code }) => code));
  const count = async (sql: string): Promise<number> =>
    (await stack.query<{ n: number }>(`select count(*)::int n from (${sql}) as found`))[0]?.n ?? -1;

  return {
    'accepted, and not exactly one reservation at that price': deals.filter((deal) => {
      const row = byCode.get(deal.code);
      return (
        row?.times !== 1 ||
        row.price !== deal.price ||
        row.item_id !== deal.itemId ||
        row.agent_did !== deal.agent
      );
    }).length,
    'reservations without an accept': rows.filter(({ code }) => !told.has(code)).length,
    'reservations whose session was not closed by them': await count(
      `select 1 from reservations r join negotiation_sessions s on s.id = r.session_id
       where s.status not in ('accepted', 'approved')`,
    ),
    'sessions closed by a deal without a reservation': await count(
      `select 1 from negotiation_sessions s where s.status in ('accepted', 'approved')
         and not exists (select 1 from reservations r where r.session_id = s.id)`,
    ),
    'sessions with two outcomes': await count(
      `select session_id from negotiation_rounds where outcome in ('accepted', 'rejected')
       group by 1 having count(*) > 1`,
    ),
    'sessions with a round missing': await count(
      `select s.id from negotiation_sessions s join negotiation_rounds r on r.session_id = s.id
       group by 1 having count(*) <> max(s.round) or max(r.round) <> max(s.round)`,
    ),
    'deals below the floor or above the list price': await count(
      `select 1 from reservations r join inventory_items i on i.id = r.item_id
       where r.price_minor not between i.floor_price_minor and i.base_price_minor`,
    ),
    'keys with two answers': ledger.contradictions(),
    'keys without an answer': await count(`select 1 from idempotency_keys where answer is null`),
    'items oversold': await oversold(stack),
  };
}

/** @returns how many items have more reservations at this moment than there are pieces */
export async function oversold({ query }: Pick<SoakStack, 'query'>): Promise<number> {
  const rows = await query(
    `select r.item_id from reservations r join inventory_items i on i.id = r.item_id
     where r.status = 'confirmed' or (r.status = 'held' and r.held_until > now())
     group by 1, i.quantity having count(*) > i.quantity`,
  );
  return rows.length;
}

export async function auditConnections({ query }: SoakStack): Promise<Record<string, number>> {
  const rows = await query<{ state: string; n: number }>(
    `select state, count(*)::int n from pg_stat_activity
     where application_name like 'aura-core%' and datname = current_database() group by 1`,
  );
  const total = rows.reduce((sum, { n }) => sum + n, 0);
  const busy = rows.filter(({ state }) => state !== 'idle').reduce((sum, { n }) => sum + n, 0);
  // Each of the two cores has its pool, and one connection to look at the database with.
  const most = 2 * (POOL + 1);
  return { 'connections leaked': Math.max(0, total - most), 'connections left busy': busy };
}

/** Counts the traces with a span whose parent was never closed, and those that have not one root. */
export async function auditTraces(
  stack: SoakStack,
  traceIds: readonly string[],
): Promise<Record<string, number>> {
  let broken = 0;
  for (const traceId of traceIds) {
    const spans = await stack.spansOf(traceId);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const roots = spans.filter(({ parentId }) => parentId === undefined);
    const orphans = spans.filter(({ parentId }) => parentId !== undefined && !ids.has(parentId));
    if (roots.length !== 1 || orphans.length > 0) broken++;
  }
  return { 'traces with an open span': broken };
}
