import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { migrateDatabase } from '../core-service/src/db/migrate.ts';

export interface EmbeddedPostgres {
  readonly url: string;
  close(): Promise<void>;
}

export class DataDirBusyError extends Error {}

/**
 * Postgres inside this process, behind a socket like any other, brought to the newest schema.
 * One backend serves all clients: use pools of one connection.
 *
 * @param dataDir a folder, made when it is not there; undefined keeps everything in memory
 * @throws DataDirBusyError when another process has the folder open: two would corrupt it
 */
export async function startEmbeddedPostgres(dataDir?: string): Promise<EmbeddedPostgres> {
  const unlock = dataDir === undefined ? undefined : await lock(dataDir);
  const db = await PGlite.create({
    ...(dataDir !== undefined && { dataDir: join(dataDir, 'postgres') }),
    extensions: { vector },
  });
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: 50 });
  await server.start();
  const url = `postgres://postgres:postgres@${server.getServerConn()}/postgres`;
  await migrateDatabase(url);
  return {
    url,
    close: async () => {
      await server.stop();
      await db.close();
      unlock?.();
    },
  };
}

/**
 * An exclusive lock that the kernel gives back when the process dies, however it dies: SQLite's on
 * a file of its own. Node has no flock, and a file with a process id outlives a `kill -9`.
 */
async function lock(dataDir: string): Promise<() => void> {
  await mkdir(dataDir, { recursive: true });
  const file = new DatabaseSync(join(dataDir, 'lock'));
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (!/locked/.test(String(error))) throw error;
    throw new DataDirBusyError(`${dataDir} is in use by another process; stop it, or set DATA_DIR`);
  }
  return () => file.close();
}
