/** Native Postgres in containers, each thrown away when it is closed. */
import { execFile, execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

const IMAGE = 'pgvector/pgvector:pg17';
/** The password of every one of them; they listen on this machine alone. */
export const PASSWORD = 'of-the-containers';
const POLL_MS = 100;
const TRIES = 600;

/** True where there is an engine, and the image that these tests need is at hand. */
export function hasPostgresImage(): boolean {
  try {
    execFileSync('docker', ['image', 'inspect', IMAGE], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @returns its standard output; a command that fails throws with what it said */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args);
  return stdout.trim();
}

/**
 * Starts one, and waits until it answers.
 *
 * @param options.docker what `docker run` takes beside the rest
 * @param options.settings those of Postgres, as `name=value`
 * @param options.script runs in a shell in the place of the image's own start
 * @returns its URL; the caller removes the container
 */
export async function startPostgres(
  name: string,
  options: {
    readonly docker?: readonly string[];
    readonly settings?: readonly string[];
    readonly script?: string;
  } = {},
): Promise<string> {
  const { docker: more = [], settings = [], script } = options;
  const env = ['-e', `POSTGRES_PASSWORD=${PASSWORD}`, '-e', `PGPASSWORD=${PASSWORD}`];
  const start = script === undefined ? [] : ['--entrypoint', 'sh'];
  const run = ['run', '-d', '--name', name, ...env, '-p', '127.0.0.1::5432', ...start, ...more];
  const command = ['postgres', ...settings.flatMap((each) => ['-c', each])];
  await docker(...run, IMAGE, ...(script === undefined ? command : ['-c', script]));
  const [address = ''] = (await docker('port', name, '5432').catch(() => '')).split('\n');
  const url = `postgres://postgres:${PASSWORD}@127.0.0.1:${address.split(':').at(-1)}/postgres`;
  // The first start of the image listens on its socket alone, so that this hears of the second one.
  await until('Postgres starts', async () => {
    const running = await docker('inspect', '-f', '{{.State.Running}}', name);
    if (running !== 'true') throw new Error(`Postgres ended: ${await logsOf(name)}`);
    return await query(url, 'select 1').then(
      () => true,
      () => false,
    );
  });
  return url;
}

async function logsOf(name: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('docker', ['logs', '--tail', '20', name]);
  return stdout + stderr;
}

/** @throws when it is not so within a minute */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await isSo()) return;
    await wait(POLL_MS);
  }
  throw new Error(`It was waited in vain until ${what}.`);
}

/** Runs one statement on a connection of its own. */
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
