/** The database of a run, made for it and thrown away with it. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { readServerCpu } from './postgres-cpu.ts';
import { Program } from './program.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'core-service/src/cli.ts');

export interface Database {
  readonly says: string;
  readonly url: string;
  readonly poolSize: number;
  begin(): Promise<void>;
  /** @returns CPU milliseconds of Postgres since `begin`; undefined where they are not seen */
  end(): Promise<number | undefined>;
  /** Counts the connections that the database has; undefined where they are not seen. */
  connections(): Promise<number | undefined>;
  close(): Promise<void>;
}

/**
 * Opens a new database in the server that `url` names, or the embedded one without a URL, with the
 * newest schema and the sample inventory.
 */
export async function openDatabase(url: string | undefined): Promise<Database> {
  const database = url ? await openNative(url) : await openEmbedded();
  try {
    if (url) await command(database.url, 'migrate');
    await command(database.url, 'seed');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openEmbedded(): Promise<Database> {
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-bench-'));
  const program = await Program.start('database', {
    args: ['local-stack/database.ts'],
    cwd: join(ROOT, 'dev'),
    env: { DATA_DIR: dataDir },
  });
  return {
    says: 'the embedded Postgres',
    url: program.started.url ?? '',
    poolSize: 1,
    begin: () => program.begin(),
    end: async () => (await program.end()).cpuMs,
    connections: async () => undefined,
    close: async () => {
      await program.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function openNative(server: string): Promise<Database> {
  const name = `aura_bench_${randomBytes(6).toString('hex')}`;
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await once(server, `create database ${name}`);
  const [{ server_version: version } = {}] = await once(server, 'show server_version');
  let before: ReadonlyMap<number, number> = new Map();
  return {
    says: `Postgres ${String(version)}`,
    url,
    poolSize: 10,
    begin: async () => void (before = readServerCpu(name)),
    end: async () => {
      const after = readServerCpu(name);
      if (after.size === 0) return undefined;
      return [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);
    },
    connections: async () => {
      const count = `select count(*)::int as n from pg_stat_activity where datname = '${name}'`;
      return Number((await once(server, count))[0]?.['n']);
    },
    close: async () => void (await once(server, `drop database if exists ${name} with (force)`)),
  };
}

async function once(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** Runs a `db` command of core. @throws with what it said on stderr */
async function command(url: string, name: 'migrate' | 'seed'): Promise<void> {
  const env = { ...process.env, DATABASE_URL: url, DATABASE_POOL_SIZE: '1' };
  await promisify(execFile)(process.execPath, [CLI, 'db', name], { env });
}
