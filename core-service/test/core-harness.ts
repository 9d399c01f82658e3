import { Client } from 'pg';
import { vi } from 'vitest';
import { startTestPostgres } from '../../dev/testing/database.ts';
import { createNativeDatabase } from '../../dev/testing/native-database.ts';
import type { Config } from '../src/config.ts';
import { readConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { createContext } from '../src/context.ts';
import { createLogger } from '../src/logger.ts';
import { buildServer } from '../src/server.ts';
import type { GrpcClient } from './grpc-client.ts';
import { createGrpcClient } from './grpc-client.ts';

/** A native Postgres to make databases in; without one the embedded one is used. */
export const nativeUrl = process.env['TEST_DATABASE_URL'] || undefined;

export interface TestDatabase {
  readonly url: string;
  /** Runs one statement on a connection of its own. */
  query(text: string, values?: readonly unknown[]): Promise<any[]>;
  /** Takes a lock in a transaction of its own. @returns gives it back; once more does nothing */
  lock(
    table: string,
    mode: 'row exclusive' | 'exclusive' | 'access exclusive',
  ): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** @param migrated false leaves a native database empty; the embedded one always has its tables */
export async function startDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const database = nativeUrl
    ? await createNativeDatabase(nativeUrl, { migrated })
    : await startTestPostgres();
  const { url } = database;
  return {
    url,
    query: (text, values) => queryOnce(url, text, values),
    lock: (table, mode) => lockTable(url, table, mode),
    close: () => database.close(),
  };
}

async function queryOnce(url: string, text: string, values?: readonly unknown[]): Promise<any[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values && [...values])).rows;
  } finally {
    await client.end();
  }
}

async function lockTable(url: string, table: string, mode: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`begin; lock table ${table} in ${mode} mode`);
  let ended: Promise<void> | undefined;
  return () => (ended ??= client.end());
}

export interface Core extends GrpcClient {
  readonly ctx: Context;
  readonly port: number;
  /** All that was logged. */
  log(): string;
  /** The lines of one event. */
  events(name: string): any[];
  /** As main.ts does on SIGTERM. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export interface CoreOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: Partial<Pick<Context, 'embedder' | 'previousEmbedder' | 'chat'>>;
}

/** Core as main.ts builds it, on a free port, with its log in memory. */
export async function startCore(
  database: { readonly url: string },
  { env = {}, overrides = {} }: CoreOptions = {},
): Promise<Core> {
  let text = '';
  const logger = createLogger(
    { level: 'trace', service: 'aura-core' },
    { write: (line) => void (text += line) },
  );
  const ctx = await createContext(configFor(database.url, env), logger, overrides);
  const server = await buildServer(ctx);
  const port = await server.listen();
  const client = createGrpcClient(port);
  const lines = (): any[] => text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= server.close().then(() => ctx.close()));
  return {
    ...client,
    ctx,
    port,
    stop,
    log: () => text,
    events: (name) => lines().filter(({ event }) => event === name),
    close: async () => {
      client.close();
      await stop();
    },
  };
}

function configFor(url: string, env: Readonly<Record<string, string>>): Config {
  return readConfig({
    DATABASE_URL: url,
    DATABASE_POOL_SIZE: nativeUrl === undefined ? '1' : '10',
    PRICING_SECRET: 'the same secret in each test',
    GRPC_PORT: '0',
    SHUTDOWN_GRACE_MS: '2000',
    // However slow the machine is, nothing is refused that a test does not mean to be.
    MAX_QUEUE_DELAY_MS: '600000',
    ...env,
  });
}

/** Until a condition holds; health looks once a second. */
export function eventually(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 30_000 });
}

/** An item as a row; prices in minor units. */
export async function addItem(
  database: TestDatabase,
  item: {
    readonly id: string;
    readonly name?: string;
    readonly description?: string;
    readonly base: number;
    readonly floor: number;
    readonly currency?: string;
    readonly active?: boolean;
    readonly quantity?: number;
  },
): Promise<void> {
  const { id, name = 'Walnut desk', description = 'Solid wood.', base, floor } = item;
  const { currency = 'USD', active = true, quantity = null } = item;
  await database.query(
    `insert into inventory_items
       (id, name, description, base_price_minor, floor_price_minor, currency, active, quantity)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, name, description, base, floor, currency, active, quantity],
  );
}
