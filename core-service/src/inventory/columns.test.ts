import { getTableColumns } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { inventoryItems } from '../db/schema.ts';
import { COLUMNS, toFileRow } from './columns.ts';
import type { Item } from './repository.ts';

/** Columns that core makes itself, and no file brings. */
const DERIVED = new Set([
  'document',
  'filterable',
  'embedding',
  'embedding_model',
  'created_at',
  'updated_at',
]);

test('every column of the table that people set is a column of files', () => {
  const stored = Object.values(getTableColumns(inventoryItems)).map(({ name }) => name);
  const brought = Object.values(COLUMNS).map((column) => column.stored);
  expect(brought.toSorted()).toEqual(stored.filter((name) => !DERIVED.has(name)).toSorted());
});

test('each column is read from its own part of an item', () => {
  const item = {
    id: 'desk',
    name: 'Walnut desk',
    description: 'Solid wood.',
    basePriceMinor: 124_950,
    floorPriceMinor: 90_000,
    currency: 'USD',
    quantity: 3,
    attributes: { legs: 4 },
    language: 'de',
    active: false,
    rounds: 8,
    beta: 0.5,
    bucketRatio: 0.05,
    openingRatio: 0.95,
    margin: 0.2,
    marginMinor: 1_005,
    discountCap: 0.4,
    priceEnding: '.99',
    dailyConcessionMinor: 20_000,
    draftAboveMinor: 0,
    highValueMinor: 500_000,
    tellsRounds: true,
  } as unknown as Item;
  expect(toFileRow(item)).toEqual({
    id: 'desk',
    name: 'Walnut desk',
    description: 'Solid wood.',
    price: '1249.50',
    floor: '900.00',
    currency: 'USD',
    quantity: 3,
    attributes: { legs: 4 },
    language: 'de',
    active: false,
    rounds: 8,
    beta: 0.5,
    bucket_ratio: 0.05,
    opening_ratio: 0.95,
    margin: 0.2,
    margin_amount: '10.05',
    discount_cap: 0.4,
    price_ending: '.99',
    daily_concession: '200.00',
    draft_above: '0.00',
    high_value: '5000.00',
    tells_rounds: true,
  });
});
