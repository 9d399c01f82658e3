import { expect, test } from 'vitest';
import { lastPart, selfTimeByFunction, selfTimeByPackage } from './self-time.ts';

const STORE = 'file:///aura/node_modules/.pnpm';
const FRAMES = [
  ['(root)', ''],
  ['query', `${STORE}/pg@8.0.0/node_modules/pg/lib/client.js`],
  ['start', `${STORE}/@grpc+grpc-js@1.0.0/node_modules/@grpc/grpc-js/build/src/call.js`],
  ['negotiate', 'file:///aura/core-service/src/negotiation/negotiate.ts'],
  ['post', 'file:///aura/api-gateway/src/routes/negotiate.ts'],
  ['emit', 'node:events'],
  ['writev', ''],
  ['(garbage collector)', ''],
  ['(program)', ''],
  ['(idle)', ''],
  ['serialize', 'file:///aura/proto/index.ts'],
] as const;

function profileOf(samples: readonly number[], timeDeltas: readonly number[]) {
  const nodes = FRAMES.map(([functionName, url], id) => ({ id, callFrame: { functionName, url } }));
  const endTime = 1_000 + timeDeltas.reduce((sum, each) => sum + each, 0);
  return { startTime: 1_000, endTime, nodes, samples, timeDeltas };
}

test('each function counts for its package, and waiting for none', () => {
  const samples = FRAMES.map((_, id) => id);
  const times = selfTimeByPackage(profileOf(samples, [0, ...samples.map((id) => id * 1_000)]));
  expect(Object.fromEntries(times)).toEqual({
    pg: 1,
    '@grpc/grpc-js': 2,
    'aura-core': 3,
    'aura-gateway': 4,
    node: 11,
    gc: 7,
    '(program)': 8,
    proto: 10,
  });
});

test('functions are told apart by their package and file', () => {
  const samples = FRAMES.map((_, id) => id);
  const times = selfTimeByFunction(profileOf(samples, [0, ...samples.map((id) => id * 1_000)]));
  expect(Object.fromEntries(times)).toEqual({
    'pg: query client.js': 1,
    '@grpc/grpc-js: start call.js': 2,
    'aura-core: negotiate negotiate.ts': 3,
    'aura-gateway: post negotiate.ts': 4,
    'node: emit node:events': 5,
    'node: writev': 6,
    gc: 7,
    '(program)': 8,
    'proto: serialize index.ts': 10,
  });
});

test('samples of one package add up, and the largest comes first', () => {
  const times = selfTimeByPackage(profileOf([1, 3, 1, 3, 3], [0, 500, 100, 500, 100, 200]));
  expect([...times]).toEqual([
    ['pg', 1],
    ['aura-core', 0.4],
  ]);
});

test('an empty profile has no package', () => {
  expect(selfTimeByPackage(profileOf([], [])).size).toBe(0);
});

test('what was sampled before the last part is left out', () => {
  const profile = profileOf([1, 3, 4, 3], [0, 500, 100, 200]);
  const part = lastPart(profile, 250);
  expect(part.samples).toEqual([4, 3]);
  expect(part.timeDeltas).toEqual([50, 200]);
  expect(part.endTime - part.startTime).toBe(250);
  expect([...selfTimeByPackage(part)]).toEqual([['aura-gateway', 0.2]]);
});

test('a last part without a sample is empty', () => {
  expect(lastPart(profileOf([1], [0]), -1).samples).toEqual([]);
});
