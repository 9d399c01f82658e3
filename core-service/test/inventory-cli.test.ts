/** What the seller's command line tells of items, and changes of them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_TERMS, PRESETS } from '../src/terms.ts';
import { runAsProcess, runInProcess } from './command-line.ts';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startDatabase } from './core-harness.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(() => database.close());

const run = (args: readonly string[], { url = database.url, haggling = '' } = {}) =>
  runInProcess(['inventory', ...args], { DATABASE_URL: url, HAGGLING: haggling });

const stored = async (): Promise<Record<string, unknown>> =>
  (
    await database.query(
      `select rounds, beta, bucket_ratio bucket, opening_ratio opening, margin,
         margin_minor::int margin_minor, discount_cap cap, quantity
       from inventory_items`,
    )
  )[0];
const NONE = {
  rounds: null,
  beta: null,
  bucket: null,
  opening: null,
  margin: null,
  margin_minor: null,
  cap: null,
  quantity: null,
};

test('tells how an item haggles, changes that, and takes it back', async () => {
  expect((await run(['policy', 'desk'])).stdout).toContain(
    `rounds            ${DEFAULT_TERMS.rounds} (the default)`,
  );
  expect(await stored()).toEqual(NONE);

  const all = ['--rounds', '8', '--beta', '0.5', '--bucket', '0.05', '--opening', '0.95'];
  const margins = ['--margin', '0.2', '--margin-amount', '12.50', '--discount-cap', '0.4'];
  const { stdout } = await run(['policy', 'desk', ...all, ...margins]);
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'desk haggles by',
      '  rounds            8 (its own)',
      '  beta              0.5 (its own)',
      '  bucket            0.05 (its own)',
      '  opening           0.95 (its own)',
      '  margin            0.2 (its own)',
      '  margin-amount     12.50 USD (its own)',
      '  discount-cap      0.4 (its own)',
    ]),
  );
  const own = { rounds: 8, beta: 0.5, bucket: 0.05, opening: 0.95 };
  expect(await stored()).toEqual({ ...NONE, ...own, margin: 0.2, margin_minor: 1_250, cap: 0.4 });

  const comma = await run(['policy', 'desk', '--beta', '0,5', '--bucket', '0,050']);
  expect(comma.stdout).toBe(stdout);

  await run(['policy', 'desk', '--rounds', 'default', '--opening', 'default']);
  await run(['policy', 'desk', ...['--margin', '--margin-amount'].flatMap((o) => [o, 'default'])]);
  expect(await stored()).toEqual({ ...NONE, beta: 0.5, bucket: 0.05, cap: 0.4 });
});

test('tells and changes the limits of an item, and shows what was conceded', async () => {
  const limits = [
    '--daily-concession',
    '200',
    '--draft-above',
    '0',
    '--high-value',
    '5000',
    '--price-ending',
    '.99',
  ];
  const { stdout } = await run(['policy', 'desk', ...limits, '--tells-rounds', 'true']);
  expect(stdout).toMatch(
    /ending +\.99 \(its own\)\n.*concession +200\.00 USD .*\n.*above +0\.00 USD .*\n.*value +5,000\.00 USD .*\n.* true /,
  );
  expect((await run(['show', 'desk'])).stdout).toMatch(/^ {2}conceded +0\.00 USD today$/m);
  await run(['policy', 'desk', '--daily-concession', '0']);
  expect((await run(['show', 'desk'])).stdout).toMatch(/0\.00 USD today, all of its ceiling/);
  const names = ['price-ending', 'daily-concession', 'draft-above', 'high-value', 'tells-rounds'];
  const back = await run(['policy', 'desk', ...names.flatMap((name) => [`--${name}`, 'default'])]);
  expect(back.stdout).toMatch(
    /any \(the default\)\n.*no limit \(the default\)\n.*none .*\n.*its currency's .*\n.*false /,
  );
});

test('a preset sets all of its terms, an option beside it goes before, and default clears', async () => {
  const quick = PRESETS['quick sale'];
  await run(['policy', 'desk', '--preset', 'quick sale', '--rounds', '4']);
  expect(await stored()).toEqual({
    ...NONE,
    rounds: 4,
    beta: quick.beta,
    bucket: quick.bucketRatio,
    opening: quick.openingRatio,
    margin: quick.margin,
    margin_minor: quick.marginMinor,
    cap: quick.discountCap,
  });
  await run(['policy', 'desk', '--preset', 'firm', '--margin', 'default']);
  expect(await stored()).toMatchObject({ rounds: PRESETS.firm.rounds, margin: null });
  await run(['policy', 'desk', '--preset', 'default']);
  expect(await stored()).toEqual(NONE);
});

test('says what comes from HAGGLING, and names it when it is wrong', async () => {
  await run(['policy', 'desk', '--beta', '0.5']);
  const { stdout } = await run(['policy', 'desk'], { haggling: 'firm,rounds:7' });
  const margin = PRESETS.firm.margin;
  expect(stdout).toMatch(/^ {2}rounds +7 \(by HAGGLING\)$/m);
  expect(stdout).toMatch(/^ {2}beta +0\.5 \(its own\)$/m);
  expect(stdout).toMatch(new RegExp(`^ {2}margin +${margin} \\(firm, by HAGGLING\\)$`, 'm'));
  await run(['policy', 'desk', '--beta', 'default']);
  const wrong = await run(['policy', 'desk'], { haggling: 'firm,rounds:0' });
  expect(wrong).toEqual({
    code: 1,
    stdout: '',
    stderr: 'HAGGLING has bad entries: "rounds:0" must be a whole number from 1 to 100, not 0\n',
  });
});

test.each([
  ['3', 3],
  ['0', 0],
  ['1 000', 1_000],
  ['1,000,000', 1_000_000],
  ['unlimited', null],
  ['Unlimited', null],
])('sets how many there are: %s', async (text, quantity) => {
  expect((await run(['quantity', 'desk', text])).stdout).toBe(`desk: ${quantity ?? 'unlimited'}\n`);
  expect(await stored()).toMatchObject({ quantity });
});

test('an id with blanks around it is the id', async () => {
  expect((await run(['quantity', ' desk ', '5'])).stdout).toBe('desk: 5\n');
  expect((await run(['policy', ' desk '])).stdout).toContain('desk haggles by');
});

test.each([
  [['quantity', 'a desk', '1'], /^there is no item "a desk"$/m],
  [['quantity', 'no-such', '1'], /^there is no item no-such$/m],
  [['quantity', 'desk'], /^missing required argument.*\nusage: inventory quantity/],
  [['quantity', 'desk', '-1'], /^unknown option|^-1: /],
  [['quantity', 'desk', '1.5'], /^1\.5: must be a whole number/],
  [['quantity', 'desk', 'many'], /^many: must be a whole number/],
  [['quantity', 'desk', '1.000'], /^1\.000: .*, which could be 1000 or 1; .*, or unlimited$/m],
  [['quantity', 'desk', '1,000'], /^1,000: .*, which could be 1000 or 1; /],
  [['quantity', 'desk', '+5'], /^\+5: .*; write it without a sign, or unlimited$/m],
  [['quantity', 'desk', '1e3'], /^1e3: .*; write out its digits/],
  [['policy', 'no-such'], /^there is no item no-such$/m],
  [['policy'], /^missing required argument.*\nusage: inventory policy/],
  [['polish', 'desk'], /^unknown command 'polish'.*\nusage: inventory/s],
  [['policy', 'desk', 'lamp'], /^too many arguments.*\nusage: inventory policy/],
  [['policy', 'desk', '--round', '8'], /^unknown option '--round'/],
  [['policy', 'desk', '--rounds', '0'], /^--rounds 0: .*1/],
  [['policy', 'desk', '--rounds', '2.5'], /^--rounds 2\.5: must be a whole number from 1 to 100/],
  [['policy', 'desk', '--rounds', '1.000'], /^--rounds 1\.000: .*could be 1000 or 1/],
  [['policy', 'desk', '--beta', ''], /^--beta : /],
  [['policy', 'desk', '--beta', 'Infinity'], /^--beta Infinity: /],
  [['policy', 'desk', '--bucket', '2 %'], /^--bucket 2 %: /],
  [['policy', 'desk', '--opening', '1.01'], /^--opening 1\.01: .*1/],
  [
    ['policy', 'desk', '--margin', '1.01'],
    /^--margin 1\.01: must be a number from 0 to 1, not 1\.01$/m,
  ],
  [['policy', 'desk', '--margin-amount', '1,234'], /^--margin-amount 1,234: "1,234" could be/],
  [
    ['policy', 'desk', '--margin-amount', '0.0051'],
    /^--margin-amount 0\.0051: .* 2 decimals of USD/,
  ],
  [['policy', 'desk', '--discount-cap', 'none'], /^--discount-cap none: must be a number/],
  [['policy', 'desk', '--draft-above', '-1'], /^--draft-above -1: |argument missing/],
  [
    ['policy', 'desk', '--tells-rounds', 'yes'],
    /^--tells-rounds yes: must be true or false, not "yes"$/m,
  ],
  [['policy', 'desk', '--price-ending', '.95'], /^--price-ending \.95: must be one of any, /],
  [['policy', 'desk', '--preset', 'greedy'], /^--preset greedy: must be one of firm, balanced, /],
  [['policy', 'desk', '--preset', 'firm', '--rounds', '0'], /^--rounds 0: /],
])('%j changes nothing and says what is wrong', async (args, words) => {
  const before = await stored();
  expect(await run(args)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(words),
  });
  expect(await stored()).toEqual(before);
});

test('a process of its own says the same, and ends the same', async () => {
  for (const words of ['5', 'many']) {
    const args = ['inventory', 'quantity', 'desk', words];
    expect(await runAsProcess(args, { DATABASE_URL: database.url })).toEqual(
      await run(args.slice(1)),
    );
  }
});

test('a database that is not there is named without its password', async () => {
  const { code, stderr } = await run(['policy', 'desk'], {
    url: 'postgres://u:hunter2@127.0.0.1:1/x',
  });
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^the database at DATABASE_URL cannot be used: /),
  ]);
  expect(stderr).not.toContain('hunter2');
});
