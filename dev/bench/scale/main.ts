/**
 * Measures what search costs as the inventory grows: 1,000, 10,000 and 100,000 made-up items, through the
 * importer, on a native Postgres; how well the index finds (recall@10 against comparing all vectors
 * one by one), with filters and without, and a plot. `--index` compares the index's parameters.
 *
 * DATABASE_URL names an empty Postgres with pgvector; 100,000 items take about ten minutes and
 * 1.5 GB. `--items N` is the largest size.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../../core-service/src/db/client.ts';
import { migrateDatabase } from '../../../core-service/src/db/migrate.ts';
import { embedItems } from '../../../core-service/src/inventory/embed-items.ts';
import { importItems } from '../../../core-service/src/inventory/import-items.ts';
import type { Line } from '../../../core-service/src/inventory/read-file.ts';
import { createLocalEmbedder } from '../../../core-service/src/llm/embedder.ts';
import { createLogger } from '../../../core-service/src/logger.ts';
import type { Filters } from '../../../core-service/src/search/filters-repository.ts';
import { findItems } from '../../../core-service/src/search/repository.ts';
import { plotScale } from './plot.ts';
import { generateItems, generateQueries } from '../search/catalogue.ts';

const QUERIES = 200;
const LIMIT = 10;
const PLOT = join(import.meta.dirname, 'scale.png');
const FILTERS: readonly (readonly [string, Filters])[] = [
  ['all', {}],
  ['in EUR', { currency: 'EUR' }],
  ['treehouses', { attributes: [{ name: 'type', value: 'treehouse' }] }],
  ['in Lyon', { attributes: [{ name: 'city', value: 'Lyon' }] }],
];
/** Pairs of m and ef_construction that `--index` compares; the first are pgvector's defaults, and ours. */
const PARAMETERS = [
  [16, 64],
  [16, 128],
  [24, 128],
] as const;
const EF_SEARCH = [40, 100, 200, 300, 400];

const options = parseArgs({
  options: { items: { type: 'string', default: '100000' }, index: { type: 'boolean' } },
}).values;
const url = process.env['DATABASE_URL'];
if (!url) throw new Error('DATABASE_URL has to name an empty Postgres with pgvector');
const largest = Number(options.items);
const sizes = [1_000, 10_000, 100_000].filter((size) => size < largest).concat(largest);

await migrateDatabase(url);
const logger = createLogger({ level: 'silent', service: 'bench' });
const database = openDatabase({ url, poolSize: 1, bulk: true }, logger);
const { db } = database;
const embedder = createLocalEmbedder();
const queries = generateQueries(QUERIES);
const vectors = await embedder.embed(queries);

async function* lines(count: number): AsyncGenerator<Line> {
  let line = 0;
  for (const raw of generateItems(count)) yield { line: ++line, raw };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

type Search = (i: number) => Promise<readonly string[]>;

function searchBy(by: 'meaning' | 'words' | 'both', filters: Filters = {}): Search {
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

/** @returns what each query found, and how long that took: p50, p95 and p99, in milliseconds */
async function measure(search: Search) {
  await search(0);
  const times: number[] = [];
  const found: (readonly string[])[] = [];
  for (let i = 0; i < QUERIES; i++) {
    const started = performance.now();
    found.push(await search(i));
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const percentiles = [0.5, 0.95, 0.99].map((p) => times[Math.floor(p * QUERIES)] ?? 0);
  return { found, percentiles };
}

/** @returns the share of the items nearest in truth that were found */
function recall(
  found: readonly (readonly string[])[],
  exact: readonly (readonly string[])[],
): number {
  const shares = exact.map((ids, i) => {
    const hits = ids.filter((id) => found[i]?.includes(id)).length;
    return ids.length === 0 ? 1 : hits / ids.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

async function withoutIndex<T>(work: () => Promise<T>): Promise<T> {
  await db.execute('set enable_indexscan = off');
  try {
    return await work();
  } finally {
    await db.execute('reset enable_indexscan');
  }
}

const ms = (values: readonly number[]): string =>
  values.map((each) => each.toFixed(1).padStart(7)).join('');

function row(name: string, ...cells: readonly (string | number)[]): void {
  console.log(name.padEnd(26) + cells.map((cell) => String(cell).padStart(24)).join(''));
}

async function grow(size: number): Promise<void> {
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

async function measureSize(items: number) {
  await grow(items);
  row('', 'recall@10', 'p50    p95    p99 ms');
  const costs = [];
  for (const by of ['meaning', 'words', 'both'] as const) {
    const { percentiles } = await measure(searchBy(by));
    costs.push({ items, by: `by ${by}`, percentiles });
    row(`by ${by}`, '', ms(percentiles));
  }
  for (const [name, filters] of FILTERS) {
    const search = searchBy('meaning', filters);
    const exact = await withoutIndex(() => measure(search));
    const { found, percentiles } = await measure(search);
    row(`by meaning, ${name}`, recall(found, exact.found).toFixed(4), ms(percentiles));
    row('  one by one', '', ms(exact.percentiles));
    row(`by both, ${name}`, '', ms((await measure(searchBy('both', filters))).percentiles));
  }
  return costs;
}

/** Measures the index alone, by SQL, for each pair of its parameters. */
async function measureIndex(): Promise<void> {
  const nearest = (i: number) => async (): Promise<readonly string[]> => {
    const vector = JSON.stringify(vectors[i]);
    const { rows } = await db.execute<{ id: string }>(
      `select item_id as id from item_vectors where model = '${embedder.model}'
       order by embedding <=> '${vector}' limit ${LIMIT}`,
    );
    return rows.map(({ id }) => id);
  };
  const search: Search = (i) => nearest(i)();
  const exact = await withoutIndex(() => measure(search));
  row('\nm, ef_construction', 'ef_search, recall@10', 'p50    p95    p99 ms');
  row('one by one', '', ms(exact.percentiles));
  for (const [m, construction] of PARAMETERS) {
    await db.execute('drop index item_vectors_embedding_idx');
    const built = await seconds(() =>
      db.execute(`create index item_vectors_embedding_idx on item_vectors using hnsw
        (embedding vector_cosine_ops) with (m = ${m}, ef_construction = ${construction})`),
    );
    console.log(`${m}, ${construction}: built in ${built.toFixed(0)} s`);
    for (const ef of EF_SEARCH) {
      await db.execute(`set hnsw.ef_search = ${ef}`);
      const { found, percentiles } = await measure(search);
      row('', `${ef}  ${recall(found, exact.found).toFixed(4)}`, ms(percentiles));
    }
  }
}

const costs = [];
for (const size of sizes) costs.push(...(await measureSize(size)));
if (options.index) await measureIndex();
writeFileSync(PLOT, await plotScale(costs));
console.log(`\n${PLOT}`);
await database.close();
