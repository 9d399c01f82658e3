import type { Db } from '../../../core-service/src/db/client.ts';
import type { Search } from './measure.ts';
import { measure, ms, printRow, recall, seconds } from './measure.ts';

/** Pairs of m and ef_construction that are compared; the first are pgvector's defaults, and ours. */
const PARAMETERS = [
  [16, 64],
  [16, 128],
  [24, 128],
] as const;
const EF_SEARCH = [40, 100, 200, 300, 400];

/** Measures the index alone, by SQL, for each pair of its parameters. The last pair stays. */
export async function measureIndex(
  db: Db,
  model: string,
  vectors: readonly (readonly number[])[],
  limit: number,
): Promise<void> {
  const search: Search = async (i) => {
    const vector = JSON.stringify(vectors[i]);
    const { rows } = await db.execute<{ id: string }>(
      `select item_id as id from item_vectors where model = '${model}'
       order by embedding <=> '${vector}' limit ${limit}`,
    );
    return rows.map(({ id }) => id);
  };
  await db.execute('set enable_indexscan = off');
  const exact = await measure(search, vectors.length);
  await db.execute('reset enable_indexscan');
  printRow('\nm, ef_construction', 'ef_search, recall@10', 'p50    p95    p99 ms');
  printRow('one by one', '', ms(exact.percentiles));
  for (const [m, construction] of PARAMETERS) {
    await db.execute('drop index item_vectors_embedding_idx');
    const built = await seconds(() =>
      db.execute(`create index item_vectors_embedding_idx on item_vectors using hnsw
        (embedding vector_cosine_ops) with (m = ${m}, ef_construction = ${construction})`),
    );
    console.log(`${m}, ${construction}: built in ${built.toFixed(0)} s`);
    for (const ef of EF_SEARCH) {
      await db.execute(`set hnsw.ef_search = ${ef}`);
      const { found, percentiles } = await measure(search, vectors.length);
      printRow('', `${ef}  ${recall(found, exact.found).toFixed(4)}`, ms(percentiles));
    }
  }
}
