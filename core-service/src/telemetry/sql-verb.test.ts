import { expect, test } from 'vitest';
import { operationOf, queryName } from './sql-verb.ts';

test.each([
  ['select 1', 'SELECT', 'pg.query:SELECT aura'],
  ['\n    update t set a = 1', 'UPDATE', 'pg.query:UPDATE aura'],
  ['begin', 'BEGIN', 'pg.query:BEGIN aura'],
  ['with a as (select 1) select * from a', 'WITH', 'pg.query:WITH aura'],
  ['with a as (insert into t values (1)) select 1', 'WITH', 'pg.query:INSERT aura'],
  ['with a as (select 1 for update) delete from t', 'WITH', 'pg.query:DELETE aura'],
  ['', '', 'pg.query: aura'],
])('%j is %s, and its span %s', (text, operation, name) => {
  expect(operationOf(text)).toBe(operation);
  expect(queryName(text, 'aura')).toBe(name);
});

test('without a database the name is the verb alone', () => {
  expect(queryName('select 1', undefined)).toBe('pg.query:SELECT');
});
