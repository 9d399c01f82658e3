import type { Db } from '../../../core-service/src/db/client.ts';
import { openDatabase } from '../../../core-service/src/db/client.ts';
import { embedItems } from '../../../core-service/src/inventory/embed-items.ts';
import { importItems } from '../../../core-service/src/inventory/import-items.ts';
import type { Line } from '../../../core-service/src/inventory/read-file.ts';
import type { Embedder } from '../../../core-service/src/llm/embedder.ts';
import { createLogger } from '../../../core-service/src/logger.ts';
import type { Filters } from '../../../core-service/src/search/filters-repository.ts';
import { findItems } from '../../../core-service/src/search/repository.ts';
import { generateItems, generateQueries } from './catalogue.ts';

const QUERIES = 100;
const ROUNDS = 3;
const LIMIT = 10;
const FILTERS: Filters = {
  currency: 'EUR',
  maxPrice: 200,
  attributes: [{ name: 'type', value: 'hotel' }],
};

/**
 * Prints how long it takes to import and embed so many made-up items, and what a search among them
 * costs: wall milliseconds (median, 95 of 100) and milliseconds of this process's CPU, which is core's share.
 *
 * @param bulk is for bringing the items in; searches have a connection as core has them
 */
export async function measureCost(
  url: string,
  bulk: Db,
  embedder: Embedder,
  items: number,
): Promise<void> {
  const imported = await seconds(() => importItems(bulk, lines(items)));
  const embedded = await seconds(() => embedItems(bulk, embedder));
  await bulk.execute('analyze inventory_items');
  console.log(`${items} items: imported in ${imported} s, embedded in ${embedded} s\n`);
  console.log(`${'a search'.padEnd(22)}${'p50 ms'.padStart(10)}${'p95 ms'.padStart(10)}  CPU ms`);
  const logger = createLogger({ level: 'silent', service: 'bench' });
  const database = openDatabase({ url, poolSize: 1 }, logger);
  try {
    await measureSearches(database.db, embedder);
  } finally {
    await database.close();
  }
}

async function measureSearches(db: Db, embedder: Embedder): Promise<void> {
  const queries = generateQueries(QUERIES);
  const vectors = await embedder.embed(queries);
  const { model } = embedder;
  const { signal } = new AbortController();
  const search = (by: 'both' | 'words' | 'meaning', filters: Filters = {}) => {
    return (i: number): Promise<unknown> =>
      findItems(db, {
        text: by === 'meaning' ? '' : (queries[i] ?? ''),
        vector: by === 'words' ? undefined : vectors[i],
        model,
        filters,
        minSimilarity: 0,
        limit: LIMIT,
      });
  };
  await measure('by both', search('both'));
  await measure('by words', search('words'));
  await measure('by meaning', search('meaning'));
  await measure('by both, three filters', search('both', FILTERS));
  await measure('embedding the query', (i) => embedder.embedQuery(queries[i] ?? '', signal));
}

async function measure(name: string, work: (i: number) => Promise<unknown>): Promise<void> {
  // A first round lets Postgres plan and Node compile what is used again and again.
  for (let i = 0; i < QUERIES; i++) await work(i);
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let i = 0; i < ROUNDS * QUERIES; i++) {
    const started = performance.now();
    await work(i % QUERIES);
    times.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const cells = [0.5, 0.95].map((p) => (times[Math.floor(p * times.length)] ?? 0).toFixed(2));
  const cpu = ((user + system) / 1_000 / times.length).toFixed(2);
  const row = cells.map((cell) => cell.padStart(10)).join('') + cpu.padStart(8);
  console.log(name.padEnd(22) + row);
}

async function seconds(work: () => Promise<unknown>): Promise<string> {
  const started = performance.now();
  await work();
  return ((performance.now() - started) / 1_000).toFixed(1);
}

async function* lines(count: number): AsyncGenerator<Line> {
  let line = 0;
  for (const raw of generateItems(count)) yield { line: ++line, raw };
}
