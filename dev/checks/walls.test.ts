/** Plants a breach of each wall into a copy of the code, and sees the check find it. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = ['core-service/src', 'api-gateway/src', 'proto', 'dev/testing'];
const LINKED = ['node_modules', 'core-service/node_modules', 'api-gateway/node_modules'];
const CONFIGS = ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json'];
/** The compiler looks at core alone, without its tests. */
const TSCONFIG = {
  extends: './tsconfig.base.json',
  include: ['core-service/src/**/*.ts'],
  exclude: ['**/*.test.ts'],
};

/** The file that breaks a wall, the line that does, and the rule that must say so. */
const BREACHES = [
  ['core-service/src/grpc/sql.ts', `from 'drizzle-orm'`, 'sql-stays-in-repositories'],
  ['core-service/src/llm/pool.ts', `from 'pg'`, 'sql-stays-in-repositories'],
  [
    'core-service/src/deals/chat-repository.ts',
    `from '@langchain/mistralai'`,
    'langchain-stays-in-llm',
  ],
  [
    'core-service/src/negotiation/words-sdk.ts',
    `from '@mistralai/mistralai'`,
    'langchain-stays-in-llm',
  ],
  [
    'core-service/src/db/haggle.ts',
    `from '../negotiation/decide.ts'`,
    'core-imports-point-down: db/',
  ],
  [
    'core-service/src/search/status.ts',
    `from '../grpc/status.ts'`,
    'core-imports-point-down: search/',
  ],
  [
    'core-service/src/llm/items.ts',
    `from '../inventory/columns.ts'`,
    'core-imports-point-down: llm/',
  ],
  ['core-service/src/search/unary.ts', `from '@grpc/grpc-js'`, 'grpc-stays-at-the-edge-of-core'],
  ['core-service/src/cli/handler.ts', `from '../grpc/search.ts'`, 'commands-know-no-grpc'],
  ['core-service/src/deals/argv.ts', `from 'commander'`, 'commander-stays-in-cli'],
  [
    'core-service/src/search/sdk.ts',
    `from '@opentelemetry/sdk-trace'`,
    'sdk-stays-in-telemetry: core-service/src',
  ],
  [
    'api-gateway/src/routes/sdk.ts',
    `from '@opentelemetry/sdk-node'`,
    'sdk-stays-in-telemetry: api-gateway/src',
  ],
  [
    'api-gateway/src/routes/stub.ts',
    `from '@grpc/grpc-js'`,
    'grpc-stays-at-the-edge-of-the-gateway',
  ],
  [
    'api-gateway/src/routes/core.ts',
    `from '../../../core-service/src/money.ts'`,
    'services-are-apart',
  ],
  [
    'core-service/src/inventory/arena.ts',
    `from '../../../dev/testing/amounts.ts'`,
    'services-are-apart',
  ],
  [
    'api-gateway/src/routes/types.ts',
    `from '../../../proto/gen/aura/negotiation/v1/Deal.ts'`,
    'one-door-into-the-contract',
  ],
  ['core-service/src/deals/circle-back.ts', `from './circle.ts'`, 'no-circle-of-files'],
  [
    'core-service/src/idempotency/back.ts',
    `from '../negotiation/outcome.ts'`,
    'no-circle-of-folders',
  ],
] as const;

/** The other half of the circle of files, of which the check names one. */
const OTHER_HALF = ['core-service/src/deals/circle.ts', `from './circle-back.ts'`] as const;

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'aura-walls-'));
  for (const folder of SOURCES) {
    cpSync(join(ROOT, folder), join(copy, folder), {
      recursive: true,
      filter: (source) => !source.endsWith('node_modules'),
    });
  }
  for (const file of CONFIGS) cpSync(join(ROOT, file), join(copy, file));
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  for (const folder of [...LINKED, 'proto/node_modules']) {
    symlinkSync(join(ROOT, folder), join(copy, folder));
  }
});
afterAll(() => rmSync(copy, { recursive: true }));

/** Runs a program of node_modules/.bin in the copy. @returns its exit code and what it printed */
async function run(program: string, ...args: string[]) {
  const file = join(ROOT, 'node_modules/.bin', program);
  const options = { cwd: copy, maxBuffer: 64 * 1024 * 1024 };
  return await promisify(execFile)(file, args, options).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, output: stdout }),
  );
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

test('each breach of a wall is found', async () => {
  for (const [file, from] of [...BREACHES, OTHER_HALF]) {
    writeFileSync(join(copy, file), `import * as it ${from};\nexport const planted = it;\n`);
  }
  const { code, output } = await run('depcruise', 'core-service/src', 'api-gateway/src', 'proto');
  expect(code).toBeGreaterThan(0);
  const found = output
    .split('\n')
    .flatMap((line) => /^ +error (.+?): (\S+) →/.exec(line)?.slice(1).join(' at ') ?? []);
  const planted = BREACHES.map(([file, , rule]) => {
    const at = rule === 'no-circle-of-folders' ? file.replace(/\/[^/]+$/, '') : file;
    return `${rule} at ${at}`;
  });
  expect(found).toEqual(expect.arrayContaining(planted));
  // Nothing but what was planted is a breach.
  const files = new Set<string>(BREACHES.map(([file]) => file));
  const isFile = (breach: string): boolean => breach.endsWith('.ts');
  expect(
    found.filter((breach) => isFile(breach) && !files.has(breach.split(' at ').at(-1) ?? '')),
  ).toEqual([]);
  for (const [file] of [...BREACHES, OTHER_HALF]) rmSync(join(copy, file));
});

test('the compiler holds core to the contract', async () => {
  edit('core-service/src/server.ts', (text) =>
    text.replace('    Search: admitted(admission, searchHandler(ctx)),\n', ''),
  );
  edit('core-service/src/grpc/search.ts', (text) => text.replace('basePrice:', 'bsePrice:'));
  edit('core-service/src/grpc/deals.ts', (text) =>
    text.replace('dealId: deal.id', 'dealld: deal.id'),
  );
  edit('core-service/src/grpc/negotiate.ts', (text) =>
    text.replace('request.sessionToken ||', 'request.sesionToken ||'),
  );
  edit('core-service/src/inventory/columns.ts', (text) =>
    text.replace(`wire: 'openingRatio'`, `wire: 'openingShare'`),
  );
  const { code, output } = await run('tsc', '--pretty', 'false');
  expect(code).toBeGreaterThan(0);
  expect(output).toMatch(/server\.ts\(.*'Search' is missing/);
  expect(output).toMatch(/grpc\/search\.ts\(.*bsePrice/);
  expect(output).toMatch(/grpc\/deals\.ts\(.*dealld/);
  expect(output).toMatch(/grpc\/negotiate\.ts\(.*sesionToken/);
  expect(output).toMatch(/grpc\/item-message\.ts\(.*\n? .*openingShare/);
});
