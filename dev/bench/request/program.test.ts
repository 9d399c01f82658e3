import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Program } from './program.ts';
import type { CpuProfile } from './self-time.ts';
import { selfTimeByPackage } from './self-time.ts';

/** It allocates so many bytes when it is told to, keeps none of them, and says when it is done. */
const GREEDY = `
  let kept;
  process.on('message', ({ job }) => {
    if (!job) return;
    for (let made = 0; made < job.bytes; made += 8_000) kept = new Array(1_000).fill(made);
    process.send({ answer: 'made' });
  });
  process.channel.ref();
  process.send({ event: 'server_started', port: 1 });
`;
const BYTES = 100_000_000;

let folder: string;
let program: Program;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aura-test-'));
  program = await Program.start('greedy', { args: ['--eval', GREEDY], cwd: folder });
});

afterAll(async () => {
  await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('what a program allocates is counted, though it is collected at once', async () => {
  await program.begin();
  await program.ask({ job: { bytes: BYTES } });
  const { allocatedBytes, rssBytes } = await program.end();
  expect(allocatedBytes).toBeGreaterThan(BYTES);
  expect(allocatedBytes).toBeLessThan(1.1 * BYTES);
  expect(rssBytes).toBeGreaterThan(10_000_000);
});

test('CPU time counts from the last begin', async () => {
  await program.begin();
  await program.ask({ job: { bytes: BYTES } });
  const busy = await program.end();
  await program.begin();
  const idle = await program.end();
  expect(busy.cpuMs).toBeGreaterThan(idle.cpuMs);
});

test('a profile has what ran since the mark, by the time that it took', async () => {
  const file = join(folder, 'greedy.cpuprofile');
  const other = await Program.start('greedy', { args: ['--eval', GREEDY], cwd: folder });
  await other.ask({ ask: 'profile' });
  await other.ask({ job: { bytes: BYTES } });
  await other.ask({ ask: 'mark' });
  const began = performance.now();
  await other.ask({ job: { bytes: BYTES } });
  await other.ask({ ask: 'keep', file });
  const elapsedMs = performance.now() - began;
  await other.stop();
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const times = selfTimeByPackage(profile);
  expect(times.get('[eval]')).toBeGreaterThan(0);
  expect([...times.values()].reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(elapsedMs);
});

describe('a program that ends', () => {
  test('instead of listening says so', async () => {
    const start = Program.start('short', { args: ['--eval', 'process.exit(3)'], cwd: folder });
    await expect(start).rejects.toThrow('short ended with 3');
  });

  test('instead of answering says so', async () => {
    const leaving = `process.on('message', () => process.exit(0));
      process.channel.ref();
      process.send({ event: 'server_started' });`;
    const other = await Program.start('leaving', { args: ['--eval', leaving], cwd: folder });
    await expect(other.ask({ job: {} })).rejects.toThrow('has ended');
  });
});
