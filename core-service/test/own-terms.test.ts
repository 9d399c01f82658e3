/** The terms of an item and of the installation, as a buyer meets them. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';

const agent = { did: 'did:web:buyer.example' };

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  core = await startCore(database);
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(async () => {
  await core.close();
  await database.close();
});

async function setTerms(terms: string): Promise<void> {
  await database.query(`update inventory_items set margin = null, margin_minor = null,
    discount_cap = null, rounds = 1`);
  await database.query(`update inventory_items set ${terms}`);
}

/** The first ask and so, with one round, the last: for a buyer who bids all that an ask can be. */
async function lastAsk(at = core, bidAmount = 599.99): Promise<number> {
  const { countered } = await at.negotiate({ itemId: 'desk', bidAmount, agent });
  return countered!.proposedPrice;
}

test.each([
  ['margin = 0.5', 750],
  ['margin_minor = 20000', 800],
  ['margin = 0.1, margin_minor = 20000', 800],
  ['margin = 0.9, margin_minor = 20000', 870],
  ['discount_cap = 0.1', 810],
  ['margin_minor = 99999999', 900],
  ['discount_cap = 0', 900],
])('%s: no ask is lower than that leaves', async (terms, lowest) => {
  await setTerms(terms);
  expect(await lastAsk()).toBeGreaterThanOrEqual(lowest);
});

test('HAGGLING holds where an item has no terms of its own', async () => {
  const firm = await startCore(database, { env: { HAGGLING: 'quick-sale,margin:0.8,rounds:1' } });
  onTestFinished(() => firm.close());
  await setTerms('rounds = null');
  expect(await lastAsk(firm)).toBeGreaterThanOrEqual(840);
  await setTerms('rounds = 2, margin = 0');
  expect(await lastAsk(firm)).toBeLessThan(855);
  const { countered } = await firm.negotiate({ itemId: 'desk', bidAmount: 500, agent });
  expect(countered!.reasonCode).toBe('BID_BELOW_ASK');
});
