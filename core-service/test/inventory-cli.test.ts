/** The seller's command line as a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from './core-harness.ts';
import { addItem, startDatabase } from './core-harness.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
});
afterAll(() => database.close());

async function run(args: readonly string[], url = database.url) {
  const env = { ...process.env, DATABASE_URL: url };
  const done = promisify(execFile)(process.execPath, [CLI, 'inventory', ...args], { env });
  return await done.then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const stored = async (): Promise<unknown> =>
  (
    await database.query(
      `select rounds, beta, bucket_ratio bucket, opening_ratio opening, quantity
       from inventory_items`,
    )
  )[0];

test('tells how an item haggles, changes that, and takes it back', async () => {
  const none = { rounds: null, beta: null, bucket: null, opening: null, quantity: null };
  expect((await run(['policy', 'desk'])).stdout).toContain('rounds   10 (the default)');
  expect(await stored()).toEqual(none);

  const all = ['--rounds', '8', '--beta', '0.5', '--bucket', '0.05', '--opening', '0.95'];
  const { stdout } = await run(['policy', 'desk', ...all]);
  expect(stdout).toBe(
    'desk haggles by\n  rounds   8\n  beta     0.5\n  bucket   0.05\n  opening  0.95\n',
  );
  expect(await stored()).toEqual({ ...none, rounds: 8, beta: 0.5, bucket: 0.05, opening: 0.95 });

  const comma = await run(['policy', 'desk', '--beta', '0,5', '--bucket', '0,050']);
  expect(comma.stdout).toBe(stdout);

  await run(['policy', 'desk', '--rounds', 'default', '--opening', 'default']);
  expect(await stored()).toEqual({ ...none, beta: 0.5, bucket: 0.05 });
});

test.each([
  ['3', 3],
  ['0', 0],
  ['1 000', 1_000],
  ['1,000,000', 1_000_000],
  ['unlimited', null],
])('sets how many there are: %s', async (text, quantity) => {
  expect((await run(['quantity', 'desk', text])).stdout).toBe(`desk: ${quantity ?? 'unlimited'}\n`);
  expect(await stored()).toMatchObject({ quantity });
});

test.each([
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
])('%j changes nothing and says what is wrong', async (args, words) => {
  const before = await stored();
  expect(await run(args)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(words),
  });
  expect(await stored()).toEqual(before);
});

test('a database that is not there is named without its password', async () => {
  const { code, stderr } = await run(['policy', 'desk'], 'postgres://u:hunter2@127.0.0.1:1/x');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^the database at DATABASE_URL cannot be used: /),
  ]);
  expect(stderr).not.toContain('hunter2');
});
