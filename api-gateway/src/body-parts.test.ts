import { expect, test } from 'vitest';
import { findWrongParts } from './body-parts.ts';

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
  expect(findWrongParts(text)).toEqual(twice(...paths));
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
  expect(findWrongParts(text)).toEqual([]);
});

test('names by which a body could reach for prototypes are named', () => {
  const message = 'is not a name of a field';
  expect(findWrongParts('{"a":[{"__proto__":1}],"\\u005f_proto__":{}}')).toEqual([
    { path: 'a.0.__proto__', message },
    { path: '__proto__', message },
  ]);
  expect(findWrongParts('{"a":{"constructor":{"b":1,"prototype":{}}}}')).toEqual([
    { path: 'a.constructor', message: 'must have no field named prototype' },
  ]);
});

test.each([
  ['{"bid_amount":40.000000000000001}', 'bid_amount', '40.000000000000001', '40'],
  ['{"bid_amount":0.1000000000000000055}', 'bid_amount', '0.1000000000000000055', '0.1'],
  [
    '{"a":{"bid_amount":[1,4e1,9007199254740993]}}',
    'a.bid_amount.2',
    '9007199254740993',
    '9007199254740992',
  ],
  [
    '{"a":"x","max_price":-1.23456789012345678901}',
    'max_price',
    '-1.23456789012345678901',
    '-1.2345678901234567',
  ],
  ['[40.000000000000001]', '0', '40.000000000000001', '40'],
])('%s has a number that would be rounded', (text, path, seen, read) => {
  const message = `has ${seen}, which has too many digits; it would be read as ${read}`;
  expect(findWrongParts(text)).toEqual([{ path, message }]);
});

test('an attribute may be written as text instead, and what is too close to 0 is told', () => {
  expect(findWrongParts('{"attributes":{"sku":12345678901234567890,"a":1e-400}}')).toEqual([
    {
      path: 'attributes.sku',
      message: 'has 12345678901234567890, which has too many digits; write it as text',
    },
    { path: 'attributes.a', message: 'has 1e-400, which is too close to 0; write it as text' },
  ]);
});

test.each([
  '40.100000000000001',
  '40.10000000000000142108547152020037174224853515625',
  '0.30000000000000004',
  '40.000000000000000000000000',
  '0.000000000000000000',
  '123456.789e-3',
  '999999999.99',
  '1e400',
  '"40.000000000000001"',
])('%s is kept as it is written', (number) => {
  expect(findWrongParts(`{"a":${number}}`)).toEqual([]);
});

test('a body of the largest size is read in one pass, and no more than ten keys are named', () => {
  const nested = '{"a":1,"a":'.repeat(1_400) + '1' + '}'.repeat(1_400);
  expect(findWrongParts(nested)).toHaveLength(10);
  expect(findWrongParts('['.repeat(8_000) + ']'.repeat(8_000))).toEqual([]);
  expect(findWrongParts(`{"a":"${'\\"'.repeat(8_000)}"}`)).toEqual([]);
});
