/** Each script of package.json that runs a program of ours tells how it is used, and what is wrong with its options. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');
/** The checks, and what makes what they check, have no options. */
const programs = Object.entries(manifest.scripts).filter(
  ([name, command]) => command.startsWith('node ') && !/^check:|:generate$/.test(name),
);
/** No database is there: what is wrong with an option is told before anybody looks for one. */
const { PATH, NODE_COMPILE_CACHE, NODE_OPTIONS } = process.env;
const ENV = {
  PATH,
  NODE_COMPILE_CACHE,
  NODE_OPTIONS,
  DATABASE_URL: 'postgres://127.0.0.1:1/none',
};

function run(command: string, option: string) {
  const [, ...args] = command.split(' ');
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [...args, option], { cwd: ROOT, env: ENV }, (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });
}

test.each(programs)('%s answers --help', async (name, command) => {
  const { code, out, err } = await run(command, '--help');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  // Core's program has the same words in a container, where there is no pnpm.
  const [, words] = command.split('local-stack/tool.ts ');
  const [usage] = out.split('\n');
  expect(usage?.toLowerCase()).toContain(`usage: ${words ?? `npx -y pnpm@12 ${name}`}`);
});

test.each(programs)('%s refuses an option that it does not know', async (_name, command) => {
  const { code, err } = await run(command, '--nonsense');
  expect(code).toBeGreaterThan(0);
  expect(err).toContain("'--nonsense'");
  expect(err).not.toContain('    at ');
});
