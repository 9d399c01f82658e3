import { expect, test } from 'vitest';
import inventory from '../../../core-service/seed/inventory.json' with { type: 'json' };
import { generateItems, generateQueries } from './catalogue.ts';
import { hitAt1, ndcg, reciprocalRank } from './measures.ts';
import queries from './queries.json' with { type: 'json' };

const grades = { best: 3, good: 2, fair: 1 };

test.each([
  [['best', 'good', 'fair'], 1, 1, 1],
  [['good', 'best', 'fair'], 0, 1, (3 + 7 / Math.log2(3) + 0.5) / (7 + 3 / Math.log2(3) + 0.5)],
  [['x', 'y', 'fair'], 0, 1 / 3, 0.5 / (7 + 3 / Math.log2(3) + 0.5)],
  [['x', 'y'], 0, 0, 0],
  [[], 0, 0, 0],
])('of %j hit@1 is %d, the reciprocal rank %d and nDCG %d', (ranking, hit, rank, gain) => {
  expect(hitAt1(ranking, grades)).toBe(hit);
  expect(reciprocalRank(ranking, grades)).toBe(rank);
  expect(ndcg(ranking, grades)).toBeCloseTo(gain, 10);
});

test('what was judged is in the inventory, and each query has a best answer', () => {
  const ids = new Set(inventory.map(({ id }) => id));
  expect(new Set(queries.map(({ query }) => query)).size).toBe(108);
  for (const { relevant } of queries) {
    expect(Object.keys(relevant).filter((id) => !ids.has(id))).toEqual([]);
    expect(Math.max(...Object.values(relevant))).toBe(3);
  }
});

test('what is made up is the same each time, and a shorter run its beginning', () => {
  const items = [...generateItems(50)];
  expect([...generateItems(20)]).toEqual(items.slice(0, 20));
  expect(new Set(items.map(({ description }) => description)).size).toBe(50);
  expect(generateQueries(20)).toEqual(generateQueries(20));
});
