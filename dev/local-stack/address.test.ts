import { expect, test } from 'vitest';
import { shellUrl, urlHost } from './address.ts';

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['0.0.0.0', '127.0.0.1'],
  ['::1', '[::1]'],
  ['[::1]', '[::1]'],
  ['::', '[::1]'],
  ['0:0:0:0:0:0:0:0', '[::1]'],
  ['2001:db8::7', '[2001:db8::7]'],
  ['fe80::1%eth0', '[fe80::1%25eth0]'],
])('%s is reached at %s', (host, reached) => {
  expect(urlHost(host)).toBe(reached);
});

test.each([
  ['http://127.0.0.1:8000/v1/search', 'http://127.0.0.1:8000/v1/search'],
  ['http://[::1]:8000/v1/search', "'http://[::1]:8000/v1/search'"],
])('a shell takes %s as %s', (url, pasted) => {
  expect(shellUrl(url)).toBe(pasted);
});
