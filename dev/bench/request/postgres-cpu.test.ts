import { expect, test } from 'vitest';
import { cpuMs, readServerCpu } from './postgres-cpu.ts';

test('the time is found behind a name with blanks and brackets', () => {
  const stat = '4711 (postgres: a) b (c) S 1 4711 4711 0 -1 4194560 916 0 3 0 12 7 0 0 20 0 1 0';
  expect(cpuMs(stat)).toBe(190);
});

test('a process that has ended has none', () => {
  expect(cpuMs('')).toBeUndefined();
});

test('of a database without backends nothing is seen', () => {
  expect(readServerCpu('aura_bench_of_nobody').size).toBe(0);
});
