/**
 * Runs the embedded database as a process, the only one that opens DATA_DIR. While it runs, the file
 * DATA_DIR/database-url holds its address. `--fresh` throws away what was kept.
 */
import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataDirBusyError, startEmbeddedPostgres } from './embedded-postgres.ts';

const dataDir = process.env['DATA_DIR'] ?? '.data';
const addressFile = join(dataDir, 'database-url');

try {
  const fresh = process.argv.includes('--fresh');
  const database = await startEmbeddedPostgres({ dataDir, fresh });
  await writeFile(addressFile, `${database.url}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void rm(addressFile, { force: true })
        .then(() => database.close())
        .finally(() => process.exit(0));
    });
  }
  console.log(JSON.stringify({ event: 'server_started', service: 'database', url: database.url }));
} catch (error) {
  if (!(error instanceof DataDirBusyError)) throw error;
  console.error(`DATA_DIR ${error.message}`);
  process.exit(1);
}
