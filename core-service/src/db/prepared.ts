/**
 * Statements of the hot paths. Drizzle builds the text of each one once, and each connection has
 * Postgres parse it once, under a name; Postgres then plans it anew only as long as that pays.
 */
import type { Placeholder, Query, SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { QueryResult } from 'pg';
import type { Tx } from './transaction.ts';

/** The places of a statement's values, by their names. */
export type Placeholders<V> = { readonly [K in keyof V]: Placeholder<K & string, V[K]> };

/** Runs a statement with these values, on the database or inside a transaction. */
export type Prepared<V, R> = (db: Tx, values: V) => Promise<R>;

/** The answer to a statement that is written as SQL. */
export type Rows = QueryResult<Record<string, unknown>>;

interface Statement<R> {
  execute(values?: Record<string, unknown>): Promise<R>;
}

/**
 * Prepares what Drizzle's query builder makes.
 *
 * @param name is unique among all statements, and short: Postgres reads 63 characters, of which the
 *   name of the connection takes 20
 * @param build is called once, and so must take each value that differs from call to call from the
 *   placeholders
 */
export function prepared<V extends object, R>(
  name: string,
  build: (db: Tx, values: Placeholders<V>) => { prepare(name: string): Statement<R> },
): Prepared<V, R> {
  return onceFor((db) => build(db, placeholders<V>()).prepare(name));
}

const dialect = new PgDialect();

/** Prepares a statement that is written as SQL. See {@link prepared}. */
export function preparedSql<V extends object>(
  name: string,
  build: (values: Placeholders<V>) => SQL,
): Prepared<V, Rows> {
  let query: Query | undefined;
  return onceFor((db) => {
    query ??= dialect.sqlToQuery(build(placeholders<V>()));
    const statement = db._.session.prepareQuery(query, undefined, name, false);
    return statement as unknown as Statement<Rows>;
  });
}

function onceFor<V extends object, R>(prepare: (db: Tx) => Statement<R>): Prepared<V, R> {
  const statements = new WeakMap<Tx, Statement<R>>();
  return (db, values) => {
    let statement = statements.get(db);
    if (!statement) statements.set(db, (statement = prepare(db)));
    return statement.execute(values as Record<string, unknown>);
  };
}

function placeholders<V>(): Placeholders<V> {
  return new Proxy({} as Placeholders<V>, { get: (_, name) => sql.placeholder(String(name)) });
}
