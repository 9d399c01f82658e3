/** A primary Postgres and its standby, streaming and synchronous, each in a container of its own. */
import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

const IMAGE = 'pgvector/pgvector:pg17';
const PASSWORD = 'failover';
const POLL_MS = 100;

export interface PostgresPair {
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  /** Has the standby hear nothing more of the primary. */
  cutOff(): Promise<void>;
  /** Ends the primary as a machine does that loses its power. */
  killPrimary(): Promise<void>;
  /** Makes the standby a primary. Resolves when it takes writes. */
  promote(): Promise<void>;
  close(): Promise<void>;
}

/** @returns its standard output; a command that fails throws with what it said */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args);
  return stdout.trim();
}

/** @param synchronous each commit waits until the standby has it on its disk */
export async function startPostgresPair({
  synchronous,
}: {
  readonly synchronous: boolean;
}): Promise<PostgresPair> {
  const names = [`aura-primary-${process.pid}`, `aura-standby-${process.pid}`] as const;
  const close = async (): Promise<void> => {
    await docker('rm', '-fv', ...names).catch(() => undefined);
  };
  try {
    const primaryUrl = await startPrimary(names[0]);
    const standbyUrl = await startStandby(names[1], names[0]);
    await untilStreaming(primaryUrl);
    if (synchronous) {
      await query(primaryUrl, `alter system set synchronous_standby_names = 'any 1 (*)'`);
      await query(primaryUrl, 'select pg_reload_conf()');
    }
    return {
      primaryUrl,
      standbyUrl,
      cutOff: async () => {
        await query(standbyUrl, `alter system set primary_conninfo = ''`);
        await query(standbyUrl, 'select pg_reload_conf()');
      },
      killPrimary: async () => void (await docker('kill', '--signal', 'KILL', names[0])),
      promote: async () => void (await query(standbyUrl, 'select pg_promote(true, 30)')),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startPrimary(name: string): Promise<string> {
  const env = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`];
  await docker('run', '-d', '--name', name, ...env, '-p', '127.0.0.1::5432', IMAGE);
  const url = await urlOf(name);
  await untilItAnswers(url);
  const allow = 'echo "host replication all all scram-sha-256" >> "$PGDATA/pg_hba.conf"';
  await docker('exec', name, 'sh', '-c', allow);
  await query(url, 'select pg_reload_conf()');
  return url;
}

/** Copies the primary, and follows it from then on. */
async function startStandby(name: string, primary: string): Promise<string> {
  const address = await docker('exec', primary, 'hostname', '-i');
  const copy = `install -d -o postgres -m 700 "$PGDATA" && rm -rf "$PGDATA"/* && gosu postgres pg_basebackup \
-h ${address} -U postgres -D "$PGDATA" -R -X stream -c fast && exec gosu postgres postgres -c listen_addresses='*'`;
  const env = ['-e', `PGPASSWORD=${PASSWORD}`];
  const ports = ['-p', '127.0.0.1::5432'];
  await docker(
    'run',
    '-d',
    '--name',
    name,
    ...env,
    ...ports,
    '--entrypoint',
    'sh',
    IMAGE,
    '-c',
    copy,
  );
  const url = await urlOf(name);
  await untilItAnswers(url);
  return url;
}

async function urlOf(name: string): Promise<string> {
  const [address = ''] = (await docker('port', name, '5432')).split('\n');
  return `postgres://postgres:${PASSWORD}@127.0.0.1:${address.split(':').at(-1)}/postgres`;
}

/** The first start of the image listens on its socket alone, so that this hears of the second one. */
async function untilItAnswers(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const answers = await query(url, 'select 1').then(
      () => true,
      () => false,
    );
    if (answers) return;
    await wait(POLL_MS);
  }
  throw new Error('Postgres did not start.');
}

async function untilStreaming(primaryUrl: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const rows = await query(
      primaryUrl,
      `select from pg_stat_replication where state = 'streaming'`,
    );
    if (rows.length > 0) return;
    await wait(POLL_MS);
  }
  throw new Error('The standby does not follow.');
}

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end().catch(() => undefined);
  }
}
