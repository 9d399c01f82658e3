import { expect, test } from 'vitest';
import { operationOf, summarize } from './query-summary.ts';

test.each([
  ['select 1', 'SELECT', 'SELECT'],
  ['select a from "inventory_items" where a = 1', 'SELECT', 'SELECT inventory_items'],
  [
    'select extract(epoch from now()) from "public"."deals" d join x on true',
    'SELECT',
    'SELECT public.deals',
  ],
  ["select 'from a' from b", 'SELECT', 'SELECT b'],
  ['select * from unnest($1::int[])', 'SELECT', 'SELECT'],
  ['select * from (select 1) a', 'SELECT', 'SELECT'],
  [
    'select * from (with w as (select extract(day from d) from "items") select * from w) a',
    'SELECT',
    'SELECT items',
  ],
  ['\n    update t set a = 1', 'UPDATE', 'UPDATE t'],
  ['insert into t(a) values (1) on conflict (a) do update set b = 1', 'INSERT', 'INSERT t'],
  ['delete from t where a in (select a from b)', 'DELETE', 'DELETE t'],
  ['begin', 'BEGIN', 'BEGIN'],
  ['with a as (select 1 from t) select * from a', 'WITH', 'SELECT t'],
  ['with a as (insert into t values (1) returning 1) select 1 from a', 'WITH', 'INSERT t'],
  [
    'with a as (update s set b = 1 returning id) insert into r (a) select id from a',
    'WITH',
    'INSERT r',
  ],
  ['with a as (select 1 from s for no key update) delete from t', 'WITH', 'DELETE t'],
  ['with a as (select 1 from s for update) select 1 from a', 'WITH', 'SELECT s'],
  ['', '', ''],
])('%j is %s, and its span %s', (text, word, name) => {
  expect(operationOf(text)).toBe(word);
  const { operation, collection, summary } = summarize(text);
  expect(summary).toBe(name);
  expect([operation, collection].filter((each) => each !== undefined).join(' ')).toBe(name);
});
