import type { Db } from '../../../core-service/src/db/client.ts';
import { embedItems } from '../../../core-service/src/inventory/embed-items.ts';
import { importItems } from '../../../core-service/src/inventory/import-items.ts';
import type { Line } from '../../../core-service/src/inventory/read-file.ts';
import type { Embedder } from '../../../core-service/src/llm/embedder.ts';
import { findItems } from '../../../core-service/src/search/repository.ts';
import { generateItems, generateQueries } from './catalogue.ts';

const QUERIES = 100;
const ROUNDS = 3;
const LIMIT = 10;

/**
 * Prints how long it takes to import and embed so many made-up items, and what a search among them
 * costs: wall milliseconds (median, 95 of 100) and milliseconds of this process's CPU, which is core's share.
 */
export async function measureCost(db: Db, embedder: Embedder, items: number): Promise<void> {
  const imported = await seconds(() => importItems(db, lines(items)));
  const embedded = await seconds(() => embedItems(db, embedder));
  await db.execute('analyze inventory_items');
  console.log(`${items} items: imported in ${imported} s, embedded in ${embedded} s\n`);
  console.log(`${'a search'.padEnd(14)}${'p50 ms'.padStart(10)}${'p95 ms'.padStart(10)}  CPU ms`);
  const queries = generateQueries(QUERIES);
  const vectors = await embedder.embed(queries);
  for (const by of ['both', 'words', 'meaning'] as const) {
    const times: number[] = [];
    const before = process.cpuUsage();
    for (let i = 0; i < ROUNDS * QUERIES; i++) {
      const started = performance.now();
      await findItems(db, {
        text: by === 'meaning' ? '' : (queries[i % QUERIES] ?? ''),
        vector: by === 'words' ? undefined : vectors[i % QUERIES],
        model: embedder.model,
        filters: {},
        minSimilarity: 0,
        limit: LIMIT,
      });
      times.push(performance.now() - started);
    }
    const { user, system } = process.cpuUsage(before);
    times.sort((a, b) => a - b);
    const [p50, p95] = [0.5, 0.95].map((p) =>
      (times[Math.floor(p * times.length)] ?? 0).toFixed(1),
    );
    const cpu = ((user + system) / 1_000 / times.length).toFixed(2);
    console.log(
      `${`by ${by}`.padEnd(14)}${p50?.padStart(10)}${p95?.padStart(10)}${cpu.padStart(8)}`,
    );
  }
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
