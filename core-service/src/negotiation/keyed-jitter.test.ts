import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedJitter } from './keyed-jitter.ts';

const keys = fc.tuple(fc.string(), fc.string(), fc.string(), fc.nat());

test('lies in [0, 1) and is the same for the same key', () => {
  const whole = fc.property(keys, (key) => {
    const jitter = keyedJitter(...key);
    expect(jitter >= 0 && jitter < 1).toBe(true);
    expect(keyedJitter(...key)).toBe(jitter);
  });
  fc.assert(whole, { numRuns: 2_000 });
});

test('differs by secret, item, agent and day, wherever the border between them lies', () => {
  const jitters = [
    keyedJitter('secret', 'item', 'did:web:a', 1),
    keyedJitter('secre2', 'item', 'did:web:a', 1),
    keyedJitter('secret', 'ite2', 'did:web:a', 1),
    keyedJitter('secret', 'item', 'did:web:b', 1),
    keyedJitter('secret', 'item', 'did:web:a', 2),
    keyedJitter('secret', 'itemd', 'id:web:a', 1),
    keyedJitter('secret', 'item:did', 'web:a', 1),
    keyedJitter('secret', 'item",', '"did:web:a', 1),
    keyedJitter('secret', 'item', 'did:web:a,1', 1),
    keyedJitter('secret', 'item', 'did:web:a1', 1),
    keyedJitter('secret', 'item', 'did:web:a', 111),
  ];
  expect(new Set(jitters).size).toBe(jitters.length);
});

test('two different keys never give one number', () => {
  const whole = fc.property(keys, keys, (one, other) => {
    const same = JSON.stringify(one) === JSON.stringify(other);
    expect(keyedJitter(...one) === keyedJitter(...other)).toBe(same);
  });
  fc.assert(whole, { numRuns: 2_000 });
});

test('fills the range evenly', () => {
  const buckets = Array.from({ length: 10 }, () => 0);
  for (let epoch = 0; epoch < 10_000; epoch++) {
    const bucket = Math.floor(keyedJitter('some secret', 'item', 'did:web:agent', epoch) * 10);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  expect(Math.min(...buckets)).toBeGreaterThan(850);
});
