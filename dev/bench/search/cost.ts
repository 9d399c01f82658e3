import type { Db } from '../../../core-service/src/db/client.ts';
import { openDatabase } from '../../../core-service/src/db/client.ts';
import { embedItems } from '../../../core-service/src/inventory/embed-items.ts';
import { importItems } from '../../../core-service/src/inventory/import-items.ts';
import type { Line } from '../../../core-service/src/inventory/read-file.ts';
import type { Embedder } from '../../../core-service/src/llm/embedder.ts';
import { createLogger } from '../../../core-service/src/logger.ts';
import type { Filters } from '../../../core-service/src/search/filters-repository.ts';
import { findItems } from '../../../core-service/src/search/repository.ts';
import type { Cpu } from '../cpu-meter.ts';
import { metered } from '../cpu-meter.ts';
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
 * costs: wall milliseconds (median, 95 of 100), and milliseconds of CPU.
 *
 * @param bulk is for bringing the items in; searches have a connection as core has them
 */
export async function measureCost(
  url: string,
  bulk: Db,
  embedder: Embedder,
  items: number,
): Promise<void> {
  for (const [what, work] of [
    ['imported', () => importItems(bulk, lines(items))],
    ['embedded', () => embedItems(bulk, embedder)],
  ] as const) {
    const started = performance.now();
    const cpu = await metered(url, work);
    const took = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`${items} items ${what} in ${took} s, of CPU ${cpuOf(cpu, 1_000, 1)} s`);
  }
  await bulk.execute('analyze inventory_items');
  const titles = ['p50 ms', 'p95 ms', 'CPU ms here + Postgres'].map((each) => each.padStart(10));
  console.log(`\n${'a search'.padEnd(22)}${titles.join('  ')}`);
  const logger = createLogger({ level: 'silent', service: 'bench' });
  const database = openDatabase({ url, poolSize: 1 }, logger);
  try {
    await measureSearches(url, database.db, embedder);
  } finally {
    await database.close();
  }
}

async function measureSearches(url: string, db: Db, embedder: Embedder): Promise<void> {
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
  await measure(url, 'by both', search('both'));
  await measure(url, 'by words', search('words'));
  await measure(url, 'by meaning', search('meaning'));
  await measure(url, 'by both, three filters', search('both', FILTERS));
  await measure(url, 'embedding the query', (i) => embedder.embedQuery(queries[i] ?? '', signal));
}

async function measure(
  url: string,
  name: string,
  work: (i: number) => Promise<unknown>,
): Promise<void> {
  // A first round lets Postgres plan and Node compile what is used again and again.
  for (let i = 0; i < QUERIES; i++) await work(i);
  const times: number[] = [];
  const cpu = await metered(url, async () => {
    for (let i = 0; i < ROUNDS * QUERIES; i++) {
      const started = performance.now();
      await work(i % QUERIES);
      times.push(performance.now() - started);
    }
  });
  times.sort((a, b) => a - b);
  const cells = [0.5, 0.95].map((p) => (times[Math.floor(p * times.length)] ?? 0).toFixed(2));
  const row = cells.map((cell) => cell.padStart(10)).join('  ');
  console.log(name.padEnd(22) + row + cpuOf(cpu, times.length, 2).padStart(24));
}

function cpuOf({ here, postgres }: Cpu, by: number, digits: number): string {
  return [here, postgres].map((each) => (each / by).toFixed(digits)).join(' + ');
}

async function* lines(count: number): AsyncGenerator<Line> {
  let line = 0;
  for (const raw of generateItems(count)) yield { line: ++line, raw };
}
