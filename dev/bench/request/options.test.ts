import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('without options everything is compared with everything', () => {
  const { variants, scenarios, connections } = readOptions([]);
  expect(Object.keys(variants)).toEqual(['all', 'sampled', 'no-logs', 'unpatched', 'bare']);
  expect(scenarios).toEqual(['bid', 'newcomers', 'mcp', 'haggle', 'keyed', 'signed', 'search']);
  expect(connections).toEqual([1, 16, 64]);
});

test('a quick run has few of them, of which one can be chosen otherwise', () => {
  const { variants, scenarios, connections } = readOptions(['--quick', '--connections', '4']);
  expect(Object.keys(variants)).toEqual(['all', 'unpatched', 'bare']);
  expect(scenarios).toEqual(['bid', 'search']);
  expect(connections).toEqual([4]);
});

test('cores and gateways are counted up under one load', () => {
  const { scaling, scenarios, connections, rounds } = readOptions(['--scaling']);
  expect(scaling).toBe(true);
  expect(scenarios).toEqual(['bid']);
  expect(connections).toEqual([16]);
  expect(rounds).toBe(3);
});

test('variables make a variant of their own, with = in a value too', () => {
  const list = 'NODE_OPTIONS=--max-semi-space-size=64,LOG_LEVEL=warn';
  const { variants } = readOptions(['--variants', 'all', '--with', list]);
  expect(Object.keys(variants)).toEqual(['all', 'with']);
  expect(variants['with']?.env).toEqual({
    NODE_OPTIONS: '--max-semi-space-size=64',
    LOG_LEVEL: 'warn',
  });
});

test.each([
  [['--variants', 'all,none'], '--variants has no none, only all, sampled, no-logs'],
  [['--scenarios', 'toString'], '--scenarios has no toString, only bid'],
  [['--connections', '1,x'], 'x is no whole number above 0'],
  [['--rounds', '0'], '0 is no whole number above 0'],
  [['--fast'], '--fast'],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
