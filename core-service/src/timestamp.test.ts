import { expect, test } from 'vitest';
import { isoTimestamp } from './timestamp.ts';

const noon = Date.UTC(2026, 1, 28, 12);

test.each([0, 1, 10, 999, 1_000, 1_001, 59_999, 86_400_000, 1])('%i ms after noon', (ms) => {
  expect(isoTimestamp(noon + ms)).toBe(new Date(noon + ms).toISOString());
});
