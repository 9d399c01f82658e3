/**
 * Measures how well search finds: 108 written queries over the sample inventory, each with the items that
 * were judged relevant, by their vectors alone, by their words alone, and by both together, as core
 * does it. With MISTRAL_API_KEY also by Mistral's vectors.
 *
 * Every other query was looked at while the local embedder was improved; the rest it has not seen.
 * DATABASE_URL names an empty Postgres; without it an embedded one is used.
 */
import { readConfig } from '../../../core-service/src/config.ts';
import { createModels } from '../../../core-service/src/context.ts';
import type { Db } from '../../../core-service/src/db/client.ts';
import { openDatabase } from '../../../core-service/src/db/client.ts';
import { migrateDatabase } from '../../../core-service/src/db/migrate.ts';
import { readSeed, seedInventory } from '../../../core-service/src/inventory/seed.ts';
import type { Embedder } from '../../../core-service/src/llm/embedder.ts';
import { createLogger } from '../../../core-service/src/logger.ts';
import { findItems } from '../../../core-service/src/search/repository.ts';
import { startEmbeddedPostgres } from '../../local-stack/embedded-postgres.ts';
import type { Grades } from './measures.ts';
import { hitAt1, ndcg, reciprocalRank } from './measures.ts';
import written from './queries.json' with { type: 'json' };

interface Query {
  readonly kind: string;
  readonly query: string;
  readonly relevant: Grades;
}

/** The hit@1, reciprocal rank and nDCG@10 of one query, by the way of searching. */
type Figures = Readonly<Record<Way, readonly number[]>>;
type Way = (typeof WAYS)[number];

const WAYS = ['vectors', 'words', 'both'] as const;
const queries = written as unknown as readonly Query[];
const kinds = [...new Set(queries.map(({ kind }) => kind))];
const logger = createLogger({ level: 'silent', service: 'bench' });

async function measure(db: Db, embedder: Embedder, query: Query): Promise<Figures> {
  const vector = await embedder.embedQuery(query.query, new AbortController().signal);
  const asked = { model: embedder.model, filters: {}, minSimilarity: 0, limit: 10 };
  const figuresOf = async (text: string, by: readonly number[] | undefined) => {
    const ids = (await findItems(db, { ...asked, text, vector: by })).map(({ id }) => id);
    return [hitAt1, reciprocalRank, ndcg].map((figure) => figure(ids, query.relevant));
  };
  return {
    vectors: await figuresOf('', vector),
    words: await figuresOf(query.query, undefined),
    both: await figuresOf(query.query, vector),
  };
}

function printTable(model: string, figures: readonly Figures[]): void {
  const slices: readonly (readonly [string, (query: Query, i: number) => boolean])[] = [
    ['all', () => true],
    ['looked at', (_, i) => i % 2 === 0],
    ['not seen', (_, i) => i % 2 === 1],
    ...kinds.map((kind) => [kind, (query: Query) => query.kind === kind] as const),
  ];
  const row = (name: string, cells: readonly string[]): void =>
    console.log(name.padEnd(22) + cells.map((cell) => cell.padStart(21)).join(' |'));
  row(model, WAYS);
  row(
    'hit@1, MRR, nDCG@10',
    WAYS.map(() => ''),
  );
  for (const [name, isIn] of slices) {
    const chosen = figures.filter((_, i) => isIn(queries[i] as Query, i));
    row(
      `${name} (${chosen.length})`,
      WAYS.map((way) =>
        meansOf(chosen, way)
          .map((mean) => mean.toFixed(3))
          .join('  '),
      ),
    );
  }
  const [both, ...alone] = (['both', 'vectors', 'words'] as const).map((way) =>
    meansOf(figures, way),
  );
  const isBest = alone.every((way) => way.every((figure, i) => (both?.[i] ?? 0) > figure));
  console.log(isBest ? '\nBoth together beat each alone.\n' : '\nOne alone beats both together.\n');
  if (!isBest) process.exitCode = 1;
}

function meansOf(figures: readonly Figures[], way: Way): number[] {
  return [0, 1, 2].map(
    (i) => figures.reduce((sum, each) => sum + (each[way][i] ?? 0), 0) / figures.length,
  );
}

const embedded = process.env['DATABASE_URL'] ? undefined : await startEmbeddedPostgres();
const DATABASE_URL = process.env['DATABASE_URL'] || embedded?.url;
const secret = 'unused'.padEnd(16, '-');
const config = readConfig({ ...process.env, DATABASE_URL, PRICING_SECRET: secret });
await migrateDatabase(config.database.url);
const database = openDatabase({ url: config.database.url, poolSize: 1, bulk: true }, logger);
try {
  const { embedder: local } = await createModels(
    { model: undefined, embedModel: undefined },
    logger,
  );
  const { embedder: vendors } = await createModels(config, logger);
  for (const embedder of new Set(config.embedModel ? [local, vendors] : [local])) {
    await seedInventory(database.db, embedder, await readSeed());
    const figures: Figures[] = [];
    for (const query of queries) figures.push(await measure(database.db, embedder, query));
    printTable(embedder.model, figures);
  }
} finally {
  await database.close();
  await embedded?.close();
}
