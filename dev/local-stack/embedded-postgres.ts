import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm as trigrams } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { migrateDatabase } from '../../core-service/src/db/migrate.ts';

export interface EmbeddedPostgres {
  readonly url: string;
  /** @returns a tar file of the whole cluster, which `archive` takes */
  dump(): Promise<Blob>;
  close(): Promise<void>;
}

export class DataDirBusyError extends Error {}

interface Options {
  /** The folder that keeps the database; it is made when it is not there. Undefined keeps all in memory. */
  readonly dataDir?: string;
  /** True throws away what the folder holds before the database starts. */
  readonly fresh?: boolean;
  /** A tar file from `dump`, which the database begins with instead of initialising a cluster. */
  readonly archive?: Blob;
}

/**
 * Starts a Postgres inside this process, behind a socket like any other, and brings it to the newest
 * schema. One backend serves all clients, so they must use pools of one connection.
 *
 * @throws DataDirBusyError when another process has the folder open: two would corrupt it
 */
export async function startEmbeddedPostgres(options: Options = {}): Promise<EmbeddedPostgres> {
  const { dataDir } = options;
  const unlock = dataDir === undefined ? undefined : await lock(dataDir);
  const folder = dataDir === undefined ? undefined : join(dataDir, 'postgres');
  if (folder !== undefined && options.fresh) await rm(folder, { recursive: true, force: true });
  const db = await PGlite.create({
    ...(folder !== undefined && { dataDir: folder }),
    ...(options.archive && { loadDataDir: options.archive }),
    extensions: { pg_trgm: trigrams, unaccent, vector },
  });
  const server = new PGLiteSocketServer({
    db: keepExchangesWhole(db),
    host: '127.0.0.1',
    port: 0,
    maxConnections: 50,
  });
  await server.start();
  const url = `postgres://postgres:postgres@${server.getServerConn()}/postgres`;
  await migrateDatabase(url);
  return {
    url,
    dump: () => db.dumpDataDir('none'),
    close: async () => {
      await server.stop();
      await db.close();
      unlock?.();
    },
  };
}

/** Message types of an extended query, which is under way until the client says Sync. */
const EXTENDED = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)));
const SYNC = Buffer.from([...Buffer.from('S'), 0, 0, 0, 4]);

/**
 * The database as the socket server sees it. The server hands on one message at a time, of whichever
 * client is next, and stays with a client only during a transaction. All clients have one backend,
 * so that a statement of one would be bound to the parameters of another: an extended query counts
 * as a transaction until it has ended.
 */
function keepExchangesWhole(db: PGlite): PGlite {
  let isUnderWay = false;
  const overrides: Partial<PGlite> = {
    isInTransaction: () => isUnderWay || db.isInTransaction(),
    execProtocolRawStream: async (message, options) => {
      await db.execProtocolRawStream(message, options);
      isUnderWay = EXTENDED.has(message[0] ?? 0);
    },
    // The server does this for a client that went away in the middle.
    exec: async (...query) => {
      if (isUnderWay) await db.execProtocolRaw(SYNC);
      isUnderWay = false;
      return await db.exec(...query);
    },
  };
  return new Proxy(db, {
    get: (target, name) => {
      const own: unknown = Reflect.get(overrides, name) ?? Reflect.get(target, name, target);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

/**
 * Takes an exclusive lock that the kernel gives back however the process dies: SQLite's, on a file
 * of its own. Node has no flock, and a file with a process id would outlive a `kill -9`.
 *
 * @returns gives the lock back
 */
async function lock(dataDir: string): Promise<() => void> {
  await mkdir(dataDir, { recursive: true });
  const file = new DatabaseSync(join(dataDir, 'lock'));
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (!/locked/.test(String(error))) throw error;
    throw new DataDirBusyError(`${dataDir} is in use by another process; stop it or set another`);
  }
  return () => file.close();
}
