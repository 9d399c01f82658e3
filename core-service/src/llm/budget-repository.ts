/** The budgets of tokens that all cores have together, as the database keeps them. */
import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { preparedSql } from '../db/prepared.ts';
import { modelBudgets } from '../db/schema.ts';

/** What a core wants of a budget. */
export interface Wish {
  readonly budget: string;
  /** Seconds of a window; windows begin at whole multiples of it since 1970, in UTC. */
  readonly seconds: number;
  /** Tokens that all may take in a window, at least 1. */
  readonly limit: number;
  /** Tokens, from 1 to the limit. */
  readonly wanted: number;
}

export interface Taken {
  /** Tokens that are this core's from now on: fewer than it wanted at the end of a budget, and then none. */
  readonly granted: number;
  /** Milliseconds until the window ends, by the database's clock. */
  readonly msLeft: number;
}

/** The row stays as it is when nothing is left, and begins anew with each window. */
const take = preparedSql<Wish>(
  'take_model_tokens',
  ({ budget, seconds, limit, wanted }) => sql`
    with present as (
      select date_bin(make_interval(secs => ${seconds}::int), now(), to_timestamp(0)) as began_at),
    taken as (
      insert into ${modelBudgets} as b (budget, began_at, tokens)
      select ${budget}::text, began_at, ${wanted}::bigint from present
      on conflict (budget) do update set
        began_at = greatest(b.began_at, excluded.began_at),
        tokens = case when b.began_at < excluded.began_at then 0 else b.tokens end + excluded.tokens
      where b.began_at < excluded.began_at or b.tokens < ${limit}::bigint
      returning tokens)
    select
      coalesce((select least(${wanted}::bigint, ${limit}::bigint + ${wanted}::bigint - tokens) from taken), 0)::float8
        as granted,
      (extract(epoch from began_at + make_interval(secs => ${seconds}::int) - now()) * 1000)::float8 as ms_left
    from present`,
);

/** Takes tokens out of a budget, so that no other core has them. */
export async function takeTokens(db: Db, wish: Wish): Promise<Taken> {
  const { rows } = await take(db, wish);
  return { granted: Number(rows[0]?.['granted']), msLeft: Number(rows[0]?.['ms_left']) };
}
