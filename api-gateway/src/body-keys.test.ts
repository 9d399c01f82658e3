import { expect, test } from 'vitest';
import { findWrongKeys } from './body-keys.ts';

const twice = (...paths: string[]) => paths.map((path) => ({ path, message: 'is there twice' }));

test.each([
  ['{"bid_amount":1,"bid_amount":40}', ['bid_amount']],
  ['{"bid_amount":1,"bid\\u005famount":40}', ['bid_amount']],
  ['{"a\\"b":1,"a\\u0022b":2}', ['a"b']],
  ['{"a\\\\":1,"a\\\\":2}', ['a\\']],
  ['{"":1,"":2}', ['']],
  ['{ "a" : [1, 2] ,\n"a"\n: {} }', ['a']],
  ['{"a":1,"a":2,"a":3,"b":1,"b":1}', ['a', 'b']],
  ['{"attributes":{"color":"red","size":1,"color":"blue"}}', ['attributes.color']],
  ['{"a":[{"b":1},[{"b":1,"b":2}],"x",{"b":{},"b":[]}]}', ['a.1.0.b', 'a.3.b']],
  ['{"a":{"b":1},"b":{"a":1},"a":{}}', ['a']],
  ['[1,{"a":1,"a":1}]', ['1.a']],
])('%s has keys twice', (text, paths) => {
  expect(findWrongKeys(text)).toEqual(twice(...paths));
});

test.each([
  '{"a":{"b":1},"c":{"b":1},"b":2}',
  '[{"a":1},{"a":1}]',
  '{"a":"a","b":"a","c":["a","a"]}',
  '{"a":"{\\"b\\":1,\\"b\\":2}","b":"}],[{"}',
  '{"a":"\\\\","b":"\\",\\"a\\":","c":1}',
  '{"a":1,"A":2,"ａ":3}',
  '{"constructor":"x","prototype":{"constructor":1}}',
  '{"toString":1,"hasOwnProperty":2}',
  '"a"',
  'null',
  '[]',
  '{}',
  '-1.5e3',
])('%s is fine', (text) => {
  JSON.parse(text);
  expect(findWrongKeys(text)).toEqual([]);
});

test('names by which a body could reach for prototypes are named', () => {
  const message = 'is not a name of a field';
  expect(findWrongKeys('{"a":[{"__proto__":1}],"\\u005f_proto__":{}}')).toEqual([
    { path: 'a.0.__proto__', message },
    { path: '__proto__', message },
  ]);
  expect(findWrongKeys('{"a":{"constructor":{"b":1,"prototype":{}}}}')).toEqual([
    { path: 'a.constructor', message: 'must have no field named prototype' },
  ]);
});

test('a body of the largest size is read in one pass, and no more than ten keys are named', () => {
  const nested = '{"a":1,"a":'.repeat(1_400) + '1' + '}'.repeat(1_400);
  expect(findWrongKeys(nested)).toHaveLength(10);
  expect(findWrongKeys('['.repeat(8_000) + ']'.repeat(8_000))).toEqual([]);
  expect(findWrongKeys(`{"a":"${'\\"'.repeat(8_000)}"}`)).toEqual([]);
});
