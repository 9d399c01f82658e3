/**
 * The embedded database for tests. Initialising a cluster takes seconds of CPU, so one that is
 * migrated and empty is made once, kept in node_modules/.cache, and copied by every test file.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, openAsBlob, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedPostgres } from '../local-stack/embedded-postgres.ts';
import { startEmbeddedPostgres } from '../local-stack/embedded-postgres.ts';

const ROOT = join(import.meta.dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/aura-database');
const ARCHIVE = 'postgres.tar';

/** A database in memory, at the newest schema and without a row. */
export async function startTestPostgres(): Promise<EmbeddedPostgres> {
  const archive = join(await findTemplate(), ARCHIVE);
  return await startEmbeddedPostgres({
    archive: await openAsBlob(archive, { type: 'application/x-tar' }),
  });
}

/** @returns a new temporary DATA_DIR that holds such a database; the caller removes it */
export async function makeDataDir(): Promise<string> {
  const template = join(await findTemplate(), 'postgres');
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-test-'));
  cpSync(template, join(dataDir, 'postgres'), { recursive: true });
  return dataDir;
}

async function findTemplate(): Promise<string> {
  const template = join(CACHE, nameTemplate());
  if (!existsSync(template)) await makeTemplate(template);
  return template;
}

/** The name changes with whatever the template is made from, so that an old one is never used. */
function nameTemplate(): string {
  const hash = createHash('sha256');
  const migrations = join(ROOT, 'core-service/drizzle');
  const files = readdirSync(migrations, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sql') || name.endsWith('.json'))
    .toSorted()
    .map((name) => join(migrations, name));
  files.push(join(ROOT, 'pnpm-lock.yaml'), join(ROOT, 'dev/local-stack/embedded-postgres.ts'));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** Several workers may make it at once: each makes its own, and the first to be ready is kept. */
async function makeTemplate(template: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'draft-'));
  try {
    const database = await startEmbeddedPostgres({ dataDir: draft });
    const archive = await database.dump();
    await database.close();
    await writeFile(join(draft, ARCHIVE), archive.stream());
    await rename(draft, template);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}
