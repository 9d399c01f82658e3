import { expect, test } from 'vitest';
import { filterMistake } from './filter-mistake.ts';

test.each([
  ['max_price', 'max_price'],
  ['Max-Price', 'max_price'],
  ['maxPrice', 'max_price'],
  ['min_similarity', 'min_similarity'],
  ['limit', 'limit'],
  ['QUERY', 'query'],
  ['attributes', 'attributes'],
])('%j is the field %s', (name, field) => {
  const words = `has ${field}, a field of the request: write it beside query`;
  expect(filterMistake(name, 3)).toBe(words);
});

test.each([
  '>=4',
  '<= 100',
  '<100',
  '> 4.5',
  '≥4',
  '!=4',
  '==4',
  '<>4',
  '*',
  '%',
  '!sauna',
  'sauna OR parking',
  'sauna AND parking',
  'sauna || parking',
  'at least 4',
  'More than 4.5',
  '%Bali%',
  '/Bal.+/i',
  'Bal.*',
  'Bal*',
  'Canggu*',
  '*ali*',
])('%j is a condition', (value) => {
  expect(filterMistake('stars', value)).toContain(`has ${JSON.stringify(value)}, a condition`);
});

test.each([
  'sauna',
  '4*',
  '*4',
  '5 %',
  '<40 dB',
  '>100 km range',
  '->',
  '=)',
  '!',
  '¡Hola!',
  'Portland OR 97201',
  'SALT AND PEPPER',
  'salt and pepper',
  'R&B',
  'a|b',
  'red, blue',
  'at least 4 guests',
  '"at least 4"',
  'C*',
  '5***',
  'Superior***',
  'Hotel 4*',
  '/usr/share',
  'AC/DC (live)',
  '100 %',
  'a/b/c',
])('%j is a value', (value) => expect(filterMistake('stars', value)).toBeUndefined());

test.each(['attributes.city', 'filters.city', 'Attributes.city'])('%j is a path', (name) =>
  expect(filterMistake(name, 'Bali')).toBe(`has "${name}", a path: write "city" alone`),
);

test.each(['price', 'currency', 'speed limit', 'max_guests', 'price_limit'])(
  'an attribute may be called %s',
  (name) => expect(filterMistake(name, 3)).toBeUndefined(),
);
