/** What the database has to do besides answering: how large it is, and how old rows go. */
import type { Client } from 'pg';
import type { Db } from '../../../core-service/src/db/client.ts';
import { sweepKeys } from '../../../core-service/src/idempotency/repository.ts';
import { sweepSessions } from '../../../core-service/src/negotiation/repository.ts';
import { metered } from '../cpu-meter.ts';

/** Days for which haggles without a deal are kept, unless another number is set. */
const RETENTION_DAYS = 30;

export interface Size {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** Levels below the root of an index; undefined for a table. */
  readonly depth?: number;
}

/** The sizes of the tables that bids write, and of their indexes, each index after its table. */
export async function readSizes(client: Client): Promise<readonly Size[]> {
  await client.query('create extension if not exists pageinspect');
  const { rows } = await client.query<Size & { readonly depth: number | null }>(`
    select c.relname as name, c.reltuples::float8 as rows, pg_relation_size(c.oid)::float8 as bytes,
      case when c.relkind = 'i' then (bt_metap(c.oid::regclass::text)).level::int end as depth
    from pg_class c left join pg_index x on x.indexrelid = c.oid
    where coalesce(x.indrelid, c.oid) in ('negotiation_sessions'::regclass, 'negotiation_rounds'::regclass,
      'reservations'::regclass, 'idempotency_keys'::regclass)
    order by coalesce(x.indrelid, c.oid)::regclass::text, c.relkind desc, c.relname`);
  return rows.map(({ depth, ...size }) => ({ ...size, ...(depth !== null && { depth }) }));
}

export interface Sweep {
  readonly swept: number;
  readonly seconds: number;
  /** Of Postgres. */
  readonly cpuMs: number;
  /** Milliseconds of each statement. */
  readonly batches: readonly number[];
}

export function sweepOldSessions(url: string, db: Db): Promise<Sweep> {
  return sweep(url, db, (timed) => sweepSessions(timed, RETENTION_DAYS, forEver()));
}

export function sweepOldKeys(url: string, db: Db): Promise<Sweep> {
  return sweep(url, db, (timed) => sweepKeys(timed, forEver()));
}

const forEver = (): AbortSignal => new AbortController().signal;

async function sweep(url: string, db: Db, work: (db: Db) => Promise<number>): Promise<Sweep> {
  const batches: number[] = [];
  const execute = async (query: Parameters<Db['execute']>[0]): Promise<unknown> => {
    const began = performance.now();
    const result = await db.execute(query);
    batches.push(performance.now() - began);
    return result;
  };
  const timed = { ...db, execute } as Db;
  let swept = 0;
  const began = performance.now();
  const { postgres } = await metered(url, async () => (swept = await work(timed)));
  return { swept, seconds: (performance.now() - began) / 1_000, cpuMs: postgres, batches };
}

/** @returns seconds that it took to vacuum each table after a sweep */
export async function vacuum(client: Client): Promise<Readonly<Record<string, number>>> {
  const seconds: Record<string, number> = {};
  for (const table of ['negotiation_sessions', 'negotiation_rounds', 'idempotency_keys']) {
    const began = performance.now();
    await client.query(`vacuum ${table}`);
    seconds[table] = (performance.now() - began) / 1_000;
  }
  return seconds;
}

/** What Postgres has written to its log of changes so far, all databases together. */
export interface Wal {
  readonly bytes: number;
  /** Whole pages in it, which a page's first change after a checkpoint brings. */
  readonly pages: number;
}

export async function readWal(client: Client): Promise<Wal> {
  const { rows } = await client.query<Wal>(
    'select wal_bytes::float8 as bytes, wal_fpi::float8 as pages from pg_stat_wal',
  );
  return rows[0] ?? { bytes: 0, pages: 0 };
}
