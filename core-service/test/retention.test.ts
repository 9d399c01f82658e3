/** What is over goes after its time, and what came of it stays. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { TestDatabase } from './core-harness.ts';
import { addItem, eventually, startCore, startDatabase } from './core-harness.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(() => database.close());

/** Haggles of two rounds whose quote ended so many days ago; those with a deal have its reservation. */
async function addHaggles(name: string, count: number, status: string, days: number) {
  const values = [name, count, status, days];
  await database.query(
    `insert into negotiation_sessions
       (id, token_hash, item_id, agent_did, status, round, ask_minor, epoch, expires_at)
     select md5($1::text || i)::uuid, sha256(($1::text || i)::bytea), 'desk', $1::text,
       $3::text::session_status, 2, 80000, 0, now() - make_interval(days => $4::int)
     from generate_series(1, $2::int) i`,
    values,
  );
  await database.query(
    `insert into negotiation_rounds (session_id, round, bid_minor, outcome, ask_minor)
     select id, n, 70000, 'countered', 80000 from negotiation_sessions, generate_series(1, 2) n
     where agent_did = $1`,
    [name],
  );
  if (status !== 'accepted' && status !== 'approved') return;
  await database.query(
    `insert into reservations (session_id, item_id, agent_did, code, price_minor, currency, held_until)
     select id, item_id, agent_did, id::text, 80000, 'USD', expires_at from negotiation_sessions
     where agent_did = $1`,
    [name],
  );
}

const left = () =>
  database.query(`select agent_did as name, count(distinct s.id)::int as haggles, count(*)::int as rounds
    from negotiation_sessions s join negotiation_rounds on session_id = s.id group by 1 order by 1`);

test('haggles without a deal go after their days, in batches, with their rounds; deals stay', async () => {
  await addHaggles('left', 1_100, 'open', 31);
  await addHaggles('rejected', 10, 'rejected', 40);
  await addHaggles('declined', 5, 'declined', 31);
  await addHaggles('never-answered', 5, 'pending', 31);
  await addHaggles('a-deal', 20, 'accepted', 400);
  await addHaggles('approved', 3, 'approved', 400);
  await addHaggles('of-late', 4, 'open', 29);
  const core = await startCore(database, { env: { SESSION_RETENTION_DAYS: '30' } });
  onTestFinished(() => core.close());
  await eventually(async () =>
    expect(core.events('sessions_swept')).toMatchObject([{ rows: 1_120 }]),
  );
  expect(await left()).toEqual([
    { name: 'a-deal', haggles: 20, rounds: 40 },
    { name: 'approved', haggles: 3, rounds: 6 },
    { name: 'of-late', haggles: 4, rounds: 8 },
  ]);
});
