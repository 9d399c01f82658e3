/** `inventory simulate`: what other terms would earn. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from './command-line.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startDatabase } from './core-harness.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
  await addItem(database, { id: 'fixed', base: 6_000, floor: 6_000 });
  await addItem(database, { id: 'onsen', base: 30_000, floor: 20_000, currency: 'JPY' });
});
afterAll(() => database.close());

const simulate = (...args: readonly string[]) =>
  runInProcess(['inventory', 'simulate', ...args], { DATABASE_URL: database.url, HAGGLING: '' });

const everything = (): Promise<unknown[]> => database.query('select * from inventory_items');

test('tells what the terms earn beside the present ones, and writes nothing', async () => {
  const before = await everything();
  const args = ['desk', '--preset', 'firm', '--rounds', '4', '--buyers', '50', '--seed', '7'];
  const { code, stdout } = await simulate(...args);
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'desk: 900.00 USD, floor 600.00 USD',
    '50 buyers of each kind, seed 7; nothing is written',
    expect.stringMatching(/^proposed: rounds \d+ → 4, margin [\d.]+ → [\d.]+$/),
  ]);
  expect(lines[4]).toMatch(/^buyer +share +deals +rounds +price +earned +→ share .*→ earned$/);
  const rows = lines.slice(5, 16);
  for (const row of rows) expect(row).toMatch(/^[a-z0-9, -]+( +(-|[\d.]+)){10}$/i);
  expect(rows.slice(-3)).toEqual([
    expect.stringMatching(/^mean of the 8 /),
    expect.stringMatching(/^impatient, three bids /),
    expect.stringMatching(/^knows the reserve /),
  ]);
  expect(stdout).toMatch(/^linear, round by round: ● our ask now, ○ as proposed, · the bids$/m);
  expect(stdout).toMatch(/^ +900\.00 │ {2}[●○]/m);

  expect((await simulate(...args)).stdout).toBe(stdout);
  expect(await everything()).toEqual(before);
});

test('without terms it tells of the present ones alone, in the currency of the item', async () => {
  const { stdout } = await simulate('onsen', '--buyers', '5');
  expect(stdout).toContain('onsen: 30,000 JPY, floor 20,000 JPY\n');
  expect(stdout).not.toMatch(/→|○|\d\.\d\d │/);
});

test.each([
  [['no-such'], /^there is no item no-such\n$/],
  [['fixed'], /^fixed: the price is the floor\n$/],
  [['desk', '--buyers', '0'], /^--buyers 0: must be a whole number from 1 to 10000, not 0\n$/],
  [['desk', '--seed', '1.5'], /^--seed 1\.5: must be a whole number from 0 to /],
  [['desk', '--margin', '2'], /^--margin 2: must be a number from 0 to 1, not 2\n$/],
  [['desk', '--buyers', '1.000'], /^--buyers 1\.000: .*could be 1000 or 1; /],
  [['desk', '--preset', 'greedy'], /^--preset greedy: must be one of firm, /],
])('%j says what is wrong', async (args, words) => {
  expect(await simulate(...args)).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(words),
  });
});
