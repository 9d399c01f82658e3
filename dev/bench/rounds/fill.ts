/** Rows as they are after a month of haggling, made in the database itself and not by bids. */
import type { Client } from 'pg';

/** The number of this item is limited, and it is haggled for most. */
export const LIMITED_ITEM = 'hostel_beta';
/** Rounds of a haggle on average: they have 1 to 7. */
const ROUNDS_A_SESSION = 4;

/**
 * Haggles `from` + 1 to `to`, in the order in which they began. The first fifth of them are deals of the
 * year before, which are kept; the others began within the last 31 days, so that the first of those have been
 * over for longer than the 30 days for which they are kept. One in twenty of these is a deal. An eighth of
 * all is for one item, and each agent has many.
 */
const SESSIONS = `
  select i, md5('session ' || i)::uuid as id, 1 + i % 7 as rounds,
    'did:key:z6Mk' || left(encode(sha256(int8send(i % 20000)), 'hex'), 44) as agent_did,
    items[1 + floor(cardinality(items) * power(i * 7919 % 10007 / 10007.0, 2))::int] as item_id,
    f <= 0.2 or i % 20 = 0 as is_deal,
    now() - case when f <= 0.2 then interval '365 days' - f / 0.2 * interval '334 days'
      else interval '31 days' - (f - 0.2) / 0.8 * interval '31 days' end as began
  from (select i, (i - $1::bigint)::float8 / ($2::bigint - $1::bigint) as f from generate_series($1::bigint + 1, $2::bigint) i) each,
    (select array_agg(id order by id <> '${LIMITED_ITEM}', id) as items from inventory_items) inventory
  offset 0`;

const FILLS = [
  `insert into negotiation_sessions
     (id, token_hash, item_id, agent_did, status, round, ask_minor, epoch, created_at, updated_at, expires_at)
   select id, sha256(int8send(i)), item_id, agent_did,
     (case when is_deal then 'accepted' when i % 10 = 1 then 'rejected' else 'open' end)::session_status,
     rounds, 90000, 20000, began, began + rounds * interval '20 s', began + rounds * interval '20 s' + interval '600 s'
   from (${SESSIONS}) s order by i`,
  // The columns that explain a round are as wide as those of a round that core has written.
  `insert into negotiation_rounds (session_id, round, bid_minor, outcome, ask_minor, created_at, traceparent,
     strategy, words, is_verified, policy_version, terms)
   select s.id, n, 60000 + n, (case when n = s.rounds and is_deal then 'accepted' else 'countered' end)::round_outcome,
     90000 - n, began + n * interval '20 s', '00-' || md5('trace ' || i) || '-0123456789abcdef-01',
     real.strategy, real.words, real.is_verified, real.policy_version, real.terms
   from (${SESSIONS}) s, generate_series(1, s.rounds) n,
     (select * from negotiation_rounds where strategy is not null limit 1) real
   order by i, n`,
  `insert into reservations (session_id, item_id, agent_did, code, price_minor, currency, receipt, status,
     held_until, created_at, updated_at)
   select s.id, s.item_id, agent_did, 'AURA-' || left(encode(sha256(int8send(-i)), 'hex'), 35), 88000, 'USD',
     repeat(md5(i::text), 20),
     (array['held', 'held', 'released', 'confirmed', 'confirmed', 'confirmed', 'confirmed', 'confirmed', 'confirmed',
       'confirmed'])[1 + i / 20 % 10]::reservation_status,
     began + interval '24 hours', began, began
   from (${SESSIONS}) s where is_deal order by i`,
  // Every other bid of the last 25 hours had a key; those of the first hour are over.
  `insert into idempotency_keys
     (agent_did, request_id, owner, payload_hash, answer, valid_until, deadline_at, expires_at)
   select agent_did, md5('key ' || i || ' ' || n)::uuid::text, md5('owner ' || i)::uuid, sha256(int8send(i)),
     jsonb_build_object('currency', 'USD', 'sessionId', s.id, 'round', n, 'outcome',
       jsonb_build_object('kind', 'countered', 'proposedMinor', 90000 - n, 'reasonCode', 'BID_BELOW_ASK',
         'message', repeat('We appreciate your interest. ', 3))),
     1, began, began + n * interval '20 s' + interval '24 hours'
   from (${SESSIONS}) s, generate_series(1, s.rounds) n
   where began > now() - interval '25 hours' and (i + n) % 2 = 0 order by i, n`,
];

/** Adds rows for so many rounds. There has to be an inventory, and a round that core has written. */
export async function fill(
  client: Client,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const [first, last] = [from, to].map((rounds) => Math.round(rounds / ROUNDS_A_SESSION));
  // Foreign keys are right as the rows are made; to look each of them up would take most of the time.
  await client.query(`set session_replication_role = replica; set synchronous_commit = off`);
  for (const each of FILLS) await client.query(each, [first, last]);
  await client.query('reset session_replication_role; reset synchronous_commit');
  await client.query('vacuum (analyze)');
}
