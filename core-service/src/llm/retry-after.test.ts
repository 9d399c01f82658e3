import { expect, test } from 'vitest';
import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

test.each([
  ['2', 2_000],
  [' 2 ', 2_000],
  ['0', 0],
  ['1.5', 1_500],
  ['3600', 60_000],
  ['99999999999999999999', 60_000],
  ['Thu, 01 Jan 2026 00:00:05 GMT', 5_000],
  ['Thursday, 01-Jan-26 00:00:05 GMT', 5_000],
  ['Thu Jan  1 00:00:05 2026 GMT', 5_000],
  ['Fri, 01 Jan 2027 00:00:00 GMT', 60_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['soon', 0],
  ['-5', 0],
  ['1e9', 0],
  ['', 0],
])('retry-after: %s is a wait of %i ms', (text, expected) => {
  expect(retryAfterMs(new Headers({ 'retry-after': text }), NOW)).toBe(expected);
});

test('a server whose clock is wrong is understood by its own', () => {
  const headers = new Headers({
    date: 'Thu, 01 Jan 2026 05:00:00 GMT',
    'retry-after': 'Thu, 01 Jan 2026 05:00:03 GMT',
  });
  expect(retryAfterMs(headers, NOW)).toBe(3_000);
});

test('nothing asked for is no wait', () => expect(retryAfterMs(new Headers(), NOW)).toBe(0));
