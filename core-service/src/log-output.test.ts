/** A process of its own writes to its stdout, as the services do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';

const PROLOGUE = `
  import { openLogOutput } from ${JSON.stringify(import.meta.resolve('./log-output.ts'))};
  import { createLogger } from ${JSON.stringify(import.meta.resolve('./logger.ts'))};
  const output = openLogOutput();
  process.once('exit', () => output.flushSync());
  const logger = createLogger({ level: 'info', service: 'test' }, output);
`;

function run(program: string) {
  const args = ['--input-type=module', '--eval', PROLOGUE + program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const eventsIn = (log: string): unknown[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { event: unknown }).event);

test('the lines of a process that ends at once are written, in their order', async () => {
  const child = run(`
    for (let i = 0; i < 1_000; i++) logger.info('line_' + i);
    process.exit(3);
  `);
  const [log, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(code).toBe(3);
  expect(eventsIn(log)).toEqual(Array.from({ length: 1_000 }, (_, i) => `line_${i}`));
});

test('lines come while the process lives, though nothing else is written', async () => {
  const child = run(`
    logger.info('first');
    setImmediate(() => logger.info('second'));
    setInterval(() => undefined, 60_000);
  `);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  while (lines.length < 2) await once(reader, 'line');
  child.kill('SIGKILL');
  expect(eventsIn(lines.join('\n'))).toEqual(['first', 'second']);
});

test('an error is written with what was held before it, even if the process is killed then', async () => {
  const child = run(`
    logger.info('first');
    setImmediate(() => {
      logger.info('held');
      logger.error('failed');
      process.kill(process.pid, 'SIGKILL');
    });
  `);
  const [log] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(eventsIn(log)).toEqual(['first', 'held', 'failed']);
});
