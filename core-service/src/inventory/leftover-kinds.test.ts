/** Placeholders, and what spreadsheets make of names; the other kinds are in leftovers.test.ts. */
import { expect, test } from 'vitest';
import { Leftovers } from './leftovers.ts';

/** @returns what is said of an item, by the column */
function found(item: object): string[] {
  const leftovers = new Leftovers();
  leftovers.look({ line: 1 }, { id: 'a1', name: 'Tent', description: 'A tent.', ...item });
  return leftovers.all().map(({ column, what }) => `${column}: ${what}`);
}

const NUMBER = 'a number alone, as a spreadsheet makes of dates and of long codes';

test.each([
  ...['TRUE', 'FALSE', 'True', 'WAHR', 'VRAI'].map((name) => [
    name,
    "a spreadsheet's true or false",
  ]),
  ...['44927', '44927.5', '1.23E+11', '1,23E+11', '4E+05'].map((name) => [name, NUMBER]),
  ...['2024-03-12', '12/03/2024', '12.03.2024', '3/12/24'].map((name) => [name, 'a date alone']),
  ...['1-Jan', 'Mar-12'].map((name) => [name, "a spreadsheet's date"]),
  ...['T e n t', 'T E N T blue', 'Big t e n t'].map((name) => [
    name,
    'letters with blanks between them',
  ]),
  ...['[NAME]', '[Your Name]', '<NAME>', '<Product Name>', 'Tent by [BRAND]', '[PRODUCT_NAME]'].map(
    (name) => [name, 'a placeholder'],
  ),
])('a name %j is %s', (name, what) => {
  expect(found({ name })).toEqual([`name: ${what}`]);
  expect(found({ description: name })).toEqual([`description: ${what}`]);
});

test.each([
  '1984',
  '300',
  '2001: A Space Odyssey',
  '44927 tents',
  '90210',
  'True Grit',
  'True blue',
  'E 5',

  '[NEW] Tent',
  '[SALE] Tent',
  '[New model] Lamp',
  '[Best price] Rug',
  '[King size]',
  '<3 tents',
  'S M L',
  'A B C',
  'Vitamin A, D, E, K',
  '12.3 m',
  '12/24',
  'Size 10.5.3',
])('a name %j is text', (name) => expect(found({ name })).toEqual([]));

test('in attributes a number, true or false is what it is', () => {
  expect(found({ attributes: { lit: 'TRUE', code: '44927', made: '2024-03-12' } })).toEqual([]);
  expect(found({ attributes: { maker: '[BRAND]' } })).toEqual(['attributes: a placeholder']);
});
