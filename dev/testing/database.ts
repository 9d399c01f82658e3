/**
 * The embedded database for tests. Initialising a cluster takes seconds of CPU, so one that is
 * migrated and empty, and one that has the samples, is made once, kept in node_modules/.cache, and
 * copied by every test file.
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
/** What the schema is made from, and Postgres itself. */
const SCHEMA = ['pnpm-lock.yaml', 'dev/local-stack/embedded-postgres.ts', 'core-service/drizzle'];
/** What the samples and their vectors are made from. */
const SAMPLES = ['seed', 'src/inventory', 'src/llm', 'src/text'].map((each) =>
  join('core-service', each),
);

interface Contents {
  /** True has the sample inventory in it, embedded by the local embedder. */
  readonly seeded?: boolean;
}

/** A database in memory, at the newest schema, without a row unless it is seeded. */
export async function startTestPostgres(contents: Contents = {}): Promise<EmbeddedPostgres> {
  const archive = join(await findTemplate(contents), ARCHIVE);
  return await startEmbeddedPostgres({
    archive: await openAsBlob(archive, { type: 'application/x-tar' }),
  });
}

/** @returns a new temporary DATA_DIR that holds such a database; the caller removes it */
export async function makeDataDir(contents: Contents = {}): Promise<string> {
  const template = join(await findTemplate(contents), 'postgres');
  const dataDir = mkdtempSync(join(tmpdir(), 'aura-test-'));
  cpSync(template, join(dataDir, 'postgres'), { recursive: true });
  return dataDir;
}

async function findTemplate({ seeded = false }: Contents): Promise<string> {
  const template = join(CACHE, seeded ? `seeded-${hashOf([...SCHEMA, ...SAMPLES])}` : nameSchema());
  if (!existsSync(template)) await makeTemplate(template, seeded);
  return template;
}

/** A name for the schema of this checkout, which changes with whatever it is made from. */
export const nameSchema = (): string => hashOf(SCHEMA);

/** The hash of the files that are text, so that nothing is taken for what was made from others. */
function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  const files = paths.flatMap((path) =>
    /\.\w+$/.test(path)
      ? [path]
      : readdirSync(join(ROOT, path), { recursive: true, encoding: 'utf8' })
          .filter((name) => /\.(sql|json|ts)$/.test(name))
          .map((name) => join(path, name)),
  );
  for (const file of files.toSorted()) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Several workers may make it at once: each makes its own, and the first to be ready is kept. */
async function makeTemplate(template: string, seeded: boolean): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'draft-'));
  try {
    const database = await startEmbeddedPostgres({ dataDir: draft });
    if (seeded) await seed(database.url);
    const archive = await database.dump();
    await database.close();
    await writeFile(join(draft, ARCHIVE), archive.stream());
    await rename(draft, template);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(template)) throw error;
  }
}

/** Does as `db seed` does; loads what that takes only then. */
async function seed(url: string): Promise<void> {
  const { openDatabase } = await import('../../core-service/src/db/client.ts');
  const { readSeed, seedInventory } = await import('../../core-service/src/inventory/seed.ts');
  const { createLocalEmbedder } = await import('../../core-service/src/llm/embedder.ts');
  const { createLogger } = await import('../../core-service/src/logger.ts');
  const logger = createLogger({ level: 'warn', service: 'test' });
  const database = openDatabase({ url, poolSize: 1, bulk: true }, logger);
  try {
    await seedInventory(database.db, createLocalEmbedder(), await readSeed());
  } finally {
    await database.close();
  }
}
