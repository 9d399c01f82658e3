import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { ending } from './report-repository.ts';

/** How the haggles of the last hour stand, and who waits for a person, whenever it began to. */
export interface Endings {
  /** Haggles by one of `ENDINGS`, or `deal`; without those that none has. */
  readonly ended: Readonly<Record<string, number>>;
  /** Bids that wait for a person. */
  readonly waiting: number;
  /** How long the first of them has waited; 0 where none does. */
  readonly waitedSeconds: number;
}

export async function findEndings(db: Db): Promise<Endings> {
  const { rows } = await db.execute(sql`
    select
      (select coalesce(jsonb_object_agg(ended, haggles), '{}') from (
        select ${ending} as ended, count(*) as haggles
        from negotiation_sessions s left join reservations r on r.session_id = s.id
        where s.created_at > now() - interval '1 hour' group by 1
      ) as endings) as ended,
      count(*)::int as waiting,
      coalesce(extract(epoch from now() - min(updated_at)), 0)::float8 as waited
    from negotiation_sessions where status = 'pending' and expires_at > now()`);
  const [row = {}] = rows;
  return {
    ended: row['ended'] as Endings['ended'],
    waiting: Number(row['waiting']),
    waitedSeconds: Number(row['waited']),
  };
}
