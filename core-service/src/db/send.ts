/** Sends Drizzle's statements: named for their connection, and with faults in the domain's words. */
import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import { fromDatabase, isStale } from './faults.ts';

/** The part of pg's connections and pools that Drizzle sends statements by. */
export type Query = (statement: QueryConfig, values?: unknown[]) => Promise<unknown>;

const PROCESS = randomBytes(4).toString('hex');
let connections = 0;

/**
 * One connection's statements, under names that no other connection has: all clients of the embedded database
 * share one session, and so may those of a pooler.
 */
class NamedStatements {
  readonly #statements = new Map<string, QueryConfig>();
  #prefix = '';

  constructor() {
    this.renew();
  }

  of(name: string, statement: QueryConfig): QueryConfig {
    let own = this.#statements.get(name);
    if (!own) this.#statements.set(name, (own = { ...statement, name: this.#prefix + name }));
    return own;
  }

  /** Gives all statements new names, so that they are parsed anew. */
  renew(): void {
    this.#prefix = `${PROCESS}_${++connections}_`;
    this.#statements.clear();
  }
}

type Endure = <T>(answer: Promise<T>) => Promise<T>;
const patience = new WeakMap<PoolClient, Endure>();

/** Has the answers to a connection's statements waited for by `endure`, which says how long. */
export function endureBy(client: PoolClient, endure: Endure): void {
  patience.set(client, endure);
}

function ask(client: PoolClient, statement: QueryConfig, values?: unknown[]): Promise<unknown> {
  const answer = client.query(statement, values);
  return patience.get(client)?.(answer) ?? answer;
}

const namedOf = new WeakMap<PoolClient, NamedStatements>();

/**
 * Sends a statement.
 *
 * @throws DomainError where the database is at fault; what Postgres says otherwise. Where it no longer
 *   has the statement as it was prepared (`isStale`), it is parsed anew when it is sent again
 */
export async function send(
  client: PoolClient,
  statement: QueryConfig,
  values?: unknown[],
): Promise<unknown> {
  const { name } = statement;
  if (name === undefined) return await ask(client, statement, values).catch(rethrow);
  let named = namedOf.get(client);
  if (!named) namedOf.set(client, (named = new NamedStatements()));
  try {
    return await ask(client, named.of(name, statement), values);
  } catch (error) {
    if (isStale(error)) named.renew();
    throw fromDatabase(error);
  }
}

/** Sends a statement on a connection of the pool, once more where it was prepared no longer. */
export async function sendThrough(
  pool: Pool,
  statement: QueryConfig,
  values?: unknown[],
): Promise<unknown> {
  const client = await pool.connect().catch(rethrow);
  let isBroken = true;
  try {
    const result = await send(client, statement, values).catch((error: unknown) => {
      if (!isStale(error)) throw error;
      return send(client, statement, values);
    });
    isBroken = false;
    return result;
  } finally {
    client.release(isBroken);
  }
}

export function rethrow(error: unknown): never {
  throw fromDatabase(error);
}
