import { SESSION_TOKEN } from '@aura/proto/limits.ts';
import { expect, test } from 'vitest';
import { newToken } from './session-token.ts';

test('each of many tokens is another one, and none has bytes that were not drawn', () => {
  const tokens = Array.from({ length: 1_000 }, newToken);
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(tokens.filter((each) => !new RegExp(SESSION_TOKEN.pattern, 'u').test(each))).toEqual([]);
  expect(tokens.filter((each) => /AAAAAAAA/.test(each))).toEqual([]);
});
