import { Type as TypeBox } from 'typebox';
import { expect, test } from 'vitest';
import { Type } from './json-schema.ts';

const says = { description: 'what it is' };
const MADE: readonly (readonly [string, (of: typeof Type) => object])[] = [
  ['an array', (of) => of.Array(of.String(), { maxItems: 3, ...says })],
  ['an enum', (of) => of.Enum(['a', 'b'], says)],
  ['an integer', (of) => of.Integer({ minimum: 1 })],
  ['literals', (of) => of.Union([of.Literal('a', says), of.Literal(1), of.Literal(true)], says)],
  ['a number', (of) => of.Number({ exclusiveMinimum: 0 })],
  ['an object', (of) => of.Object({ a: of.String(), b: of.Optional(of.Number(says)) }, says)],
  ['an object of optional fields', (of) => of.Object({ a: of.Optional(of.String()) })],
  ['an object without fields', (of) => of.Object({}, { additionalProperties: false })],
  ['a record', (of) => of.Record(of.String(), of.Number(), says)],
  ['a record of some keys', (of) => of.Record(of.String({ pattern: '^a+$' }), of.String())],
  ['a reference', (of) => of.Ref('Problem')],
  ['a string', (of) => of.String({ maxLength: 8, examples: ['a'] })],
  ['one of its own', (of) => of.Optional(of.Unsafe<string>({ type: ['string', 'null'] }))],
];

test.each(MADE)('%s is what TypeBox makes', (_name, make) => {
  // Their text has the order of the keys too, which is that of the document.
  expect(JSON.stringify(make(Type))).toBe(JSON.stringify(make(TypeBox)));
});

test('a field that is made optional leaves its schema as it was', () => {
  const name = Type.String();
  Type.Optional(name);
  expect(Type.Object({ name })).toMatchObject({ required: ['name'] });
});
