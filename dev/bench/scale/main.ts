/**
 * Measures what search costs as the inventory grows: 1,000, 10,000 and 100,000 made-up items, through the
 * importer, on a native Postgres; how well the index finds (recall@10 against comparing all vectors
 * one by one), with filters and without, and a plot.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Db } from '../../../core-service/src/db/client.ts';
import { openDatabase } from '../../../core-service/src/db/client.ts';
import { migrateDatabase } from '../../../core-service/src/db/migrate.ts';
import { embedItems } from '../../../core-service/src/inventory/embed-items.ts';
import { importItems } from '../../../core-service/src/inventory/import-items.ts';
import type { Line } from '../../../core-service/src/inventory/read-file.ts';
import { createLocalEmbedder } from '../../../core-service/src/llm/embedder.ts';
import { createLogger } from '../../../core-service/src/logger.ts';
import type { Filters } from '../../../core-service/src/search/filters-repository.ts';
import { findItems } from '../../../core-service/src/search/repository.ts';
import { numberFrom } from '../number-option.ts';
import { generateItems, generateQueries } from '../search/catalogue.ts';
import { measureIndex } from './index-parameters.ts';
import type { Search } from './measure.ts';
import { measure, ms, printRow, recall, seconds } from './measure.ts';
import type { Cost } from './plot.ts';
import { plotScale } from './plot.ts';

const QUERIES = 200;
const LIMIT = 10;
const PLOT = join(import.meta.dirname, 'scale.png');
const FILTERS: readonly (readonly [string, Filters])[] = [
  ['all', {}],
  ['in EUR', { currency: 'EUR' }],
  ['treehouses', { attributes: [{ name: 'type', value: 'treehouse' }] }],
  ['in Lyon', { attributes: [{ name: 'city', value: 'Lyon' }] }],
];

const options = new Command('npx -y pnpm@12 bench:scale')
  .description('measures what search costs as the inventory grows, and how well the index finds')
  .option('--items <items>', 'the largest size', numberFrom(1), 100_000)
  .option('--index', "compares the index's parameters")
  .addHelpText(
    'after',
    `
DATABASE_URL names an empty Postgres with pgvector; 100,000 items take about ten minutes and 1.5 GB.`,
  )
  .allowExcessArguments(false)
  .parse()
  .opts<{ readonly items: number; readonly index?: boolean }>();
const url = process.env['DATABASE_URL'] ?? '';
if (url === '') {
  console.error('DATABASE_URL has to name an empty Postgres with pgvector.');
  process.exit(2);
}
const sizes = [1_000, 10_000, 100_000].filter((size) => size < options.items).concat(options.items);
const logger = createLogger({ level: 'silent', service: 'bench' });
await migrateDatabase(url);
/** Brings items in, and looks without the index, for which each statement is planned anew. */
const bulk = openDatabase({ url, poolSize: 1, bulk: true }, logger);
/** Searches as core does. */
const core = openDatabase({ url, poolSize: 1 }, logger);
const embedder = createLocalEmbedder();
const queries = generateQueries(QUERIES);
const vectors = await embedder.embed(queries);

async function* lines(count: number): AsyncGenerator<Line> {
  let line = 0;
  for (const raw of generateItems(count)) yield { line: ++line, raw };
}

function searchBy(
  by: 'meaning' | 'words' | 'both',
  filters: Filters = {},
  db: Db = core.db,
): Search {
  return async (i) => {
    const found = await findItems(db, {
      text: by === 'meaning' ? '' : (queries[i] ?? ''),
      vector: by === 'words' ? undefined : vectors[i],
      model: embedder.model,
      filters,
      minSimilarity: 0,
      limit: LIMIT,
    });
    return found.map(({ id }) => id);
  };
}

async function grow(size: number): Promise<void> {
  const { db } = bulk;
  const imported = await seconds(() => importItems(db, lines(size)));
  const embedded = await seconds(() => embedItems(db, embedder));
  await db.execute('vacuum analyze inventory_items');
  await db.execute('vacuum analyze item_vectors');
  await db.execute('analyze search_terms');
  const { rows } = await db.execute<{ table: string; index: string }>(`
    select pg_size_pretty(pg_total_relation_size('inventory_items')
        + pg_total_relation_size('item_vectors')) as table,
      pg_size_pretty(pg_relation_size('item_vectors_embedding_idx')) as index`);
  const [bytes] = rows;
  console.log(`\n${size} items: imported in ${imported.toFixed(1)} s, embedded in ${embedded.toFixed(1)} s,
${bytes?.table} in all, of which the index of the vectors is ${bytes?.index}`);
}

async function measureSize(items: number): Promise<Cost[]> {
  await grow(items);
  printRow('', 'recall@10', 'p50    p95    p99 ms');
  const costs: Cost[] = [];
  for (const by of ['meaning', 'words', 'both'] as const) {
    const { percentiles } = await measure(searchBy(by), QUERIES);
    costs.push({ items, by: `by ${by}`, percentiles });
    printRow(`by ${by}`, '', ms(percentiles));
  }
  for (const [name, filters] of FILTERS) {
    await bulk.db.execute('set enable_indexscan = off');
    const exact = await measure(searchBy('meaning', filters, bulk.db), QUERIES);
    await bulk.db.execute('reset enable_indexscan');
    const { found, percentiles } = await measure(searchBy('meaning', filters), QUERIES);
    printRow(`by meaning, ${name}`, recall(found, exact.found).toFixed(4), ms(percentiles));
    printRow('  one by one', '', ms(exact.percentiles));
    const both = await measure(searchBy('both', filters), QUERIES);
    printRow(`by both, ${name}`, '', ms(both.percentiles));
  }
  return costs;
}

try {
  const costs: Cost[] = [];
  for (const size of sizes) costs.push(...(await measureSize(size)));
  if (options.index) await measureIndex(bulk.db, embedder.model, vectors, LIMIT);
  writeFileSync(PLOT, await plotScale(costs));
  console.log(`\n${PLOT}`);
} finally {
  await core.close();
  await bulk.close();
}
