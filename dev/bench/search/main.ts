/**
 * Measures how well search finds: written queries over three inventories (the sample's lodging, 56
 * goods of a shop in nine languages, 20 long texts), each with the items that were judged relevant, by
 * their vectors alone, by their words alone, and by both together, as core does it. With
 * MISTRAL_API_KEY also by Mistral's vectors. `--cost N` measures instead what a search costs among N
 * made-up items, and what it costs to bring them in.
 *
 * DATABASE_URL names an empty Postgres; without it an embedded one is used.
 */
import { Command } from 'commander';
import { readConfig } from '../../../core-service/src/config.ts';
import { createModels } from '../../../core-service/src/context.ts';
import type { Db } from '../../../core-service/src/db/client.ts';
import { openDatabase } from '../../../core-service/src/db/client.ts';
import { migrateDatabase } from '../../../core-service/src/db/migrate.ts';
import { embedItems } from '../../../core-service/src/inventory/embed-items.ts';
import { writeItems } from '../../../core-service/src/inventory/import-repository.ts';
import { refreshTerms } from '../../../core-service/src/inventory/repository.ts';
import type { Embedder } from '../../../core-service/src/llm/embedder.ts';
import { createLogger } from '../../../core-service/src/logger.ts';
import { findItems } from '../../../core-service/src/search/repository.ts';
import { startEmbeddedPostgres } from '../../local-stack/embedded-postgres.ts';
import { numberFrom } from '../number-option.ts';
import { measureCost } from './cost.ts';
import { hitAt1, ndcg, reciprocalRank } from './measures.ts';
import type { Query, QuerySet } from './sets.ts';
import { readSets } from './sets.ts';

/** The hit@1, reciprocal rank and nDCG@10 of one query, by the way of searching. */
type Figures = Readonly<Record<Way, readonly number[]>>;
type Way = (typeof WAYS)[number];

const WAYS = ['vectors', 'words', 'both'] as const;
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

async function measureSet(db: Db, embedder: Embedder, set: QuerySet): Promise<void> {
  await db.execute('delete from inventory_items');
  await writeItems(db, set.items);
  await refreshTerms(db);
  await embedItems(db, embedder);
  const figures: Figures[] = [];
  for (const query of set.queries) figures.push(await measure(db, embedder, query));
  printTable(embedder.model, set, figures);
}

function printTable(
  model: string,
  { name, queries, isHalved = false }: QuerySet,
  figures: readonly Figures[],
): void {
  const kinds = [...new Set(queries.map(({ kind }) => kind))];
  const halves = [
    ['looked at', (_: Query, i: number) => i % 2 === 0],
    ['not seen', (_: Query, i: number) => i % 2 === 1],
  ] as const;
  const slices: readonly (readonly [string, (query: Query, i: number) => boolean])[] = [
    ['all', () => true],
    ...(isHalved ? halves : []),
    ...kinds.map((kind) => [kind, (query: Query) => query.kind === kind] as const),
  ];
  const row = (title: string, cells: readonly string[]): void =>
    console.log(title.padEnd(22) + cells.map((cell) => cell.padStart(21)).join(' |'));
  row(`${name}, ${model}`, WAYS);
  row(
    'hit@1, MRR, nDCG@10',
    WAYS.map(() => ''),
  );
  for (const [title, isIn] of slices) {
    const chosen = figures.filter((_, i) => isIn(queries[i] as Query, i));
    row(
      `${title} (${chosen.length})`,
      WAYS.map((way) =>
        meansOf(chosen, way)
          .map((mean) => mean.toFixed(3))
          .join('  '),
      ),
    );
  }
  console.log();
}

function meansOf(figures: readonly Figures[], way: Way): number[] {
  return [0, 1, 2].map(
    (i) => figures.reduce((sum, each) => sum + (each[way][i] ?? 0), 0) / figures.length,
  );
}

const { cost } = new Command('npx -y pnpm@12 bench:search')
  .description('measures how well search finds what was judged to answer written queries')
  .option(
    '--cost <items>',
    'measures what a search among so many items costs instead',
    numberFrom(1),
  )
  .addHelpText(
    'after',
    '\nDATABASE_URL names an empty Postgres; without it an embedded one is used.',
  )
  .allowExcessArguments(false)
  .parse()
  .opts<{ readonly cost?: number }>();
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
  if (cost) await measureCost(config.database.url, database.db, local, cost);
  else
    for (const embedder of new Set(config.embedModel ? [local, vendors] : [local]))
      for (const set of await readSets()) await measureSet(database.db, embedder, set);
} finally {
  await database.close();
  await embedded?.close();
}
