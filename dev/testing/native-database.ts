/**
 * Databases for tests on a native Postgres. To migrate an empty one takes most of a second, so a template
 * of the newest schema is made once on the server, stays there, and is copied for every test file.
 */
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrateDatabase } from '../../core-service/src/db/migrate.ts';
import { nameSchema } from './database.ts';

/** Postgres says this where a database of that name is there. */
const DUPLICATE_DATABASE = '42P04';

let template: Promise<string> | undefined;

/**
 * Makes a database of a name of its own.
 *
 * @param server the URL of a database whose role may make others
 * @param migrated false leaves it empty
 * @returns its URL, and what removes it, whoever is connected to it
 */
export async function createNativeDatabase(
  server: string,
  { migrated }: { readonly migrated: boolean },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const name = nameOne();
  const from = migrated ? ` template ${await (template ??= findTemplate(server))}` : '';
  await onServer(server, (client) => client.query(`create database ${name}${from}`));
  return {
    url: urlOf(server, name),
    close: () =>
      onServer(server, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

/** Several test files may make it at once: each makes its own, and the first to be ready is kept. */
function findTemplate(server: string): Promise<string> {
  const name = `aura_template_${nameSchema()}`;
  return onServer(server, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 1) return name;
    const draft = nameOne();
    await client.query(`create database ${draft}`);
    await migrateDatabase(urlOf(server, draft));
    // A pooler may keep its connection, and nobody may be connected to what is renamed or copied.
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [draft],
    );
    await client.query(`alter database ${draft} rename to ${name}`).catch(async (error) => {
      await client.query(`drop database ${draft} with (force)`);
      if (error.code !== DUPLICATE_DATABASE) throw error;
    });
    return name;
  });
}

const nameOne = (): string => `aura_test_${randomBytes(6).toString('hex')}`;

function urlOf(server: string, name: string): string {
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

async function onServer<T>(server: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
