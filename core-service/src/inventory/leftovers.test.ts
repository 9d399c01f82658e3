import { expect, test } from 'vitest';
import { Leftovers } from './leftovers.ts';

/** @returns what is said of a text in the description */
function found(description: unknown): string[] {
  const leftovers = new Leftovers();
  leftovers.look(1, { id: 'a1', name: 'Tent', description });
  return leftovers.all().map(({ what }) => what);
}

test.each([
  ...[
    'NULL',
    'null',
    '(null)',
    'None',
    'NaN',
    'nan',
    'N/A',
    'undefined',
    '\\N',
    '[object Object]',
  ].map((text) => [text, 'a word for nothing']),
  ['See #REF! there', "a spreadsheet's error"],
  ['#DIV/0! beds', "a spreadsheet's error"],
  ...[
    'CafÃ©',
    'MÃ¼ller',
    'Ã‰tÃ©',
    'â€œsoftâ€\u009d',
    'itâ€™s',
    '20Â°C',
    'ï»¿Tent',
    'Ð¿Ñ€Ð¸',
    'æ—¥æœ¬',
    'ðŸ˜€',
  ].map((text) => [text, 'text that was encoded twice']),
  ...[
    'salt &amp; pepper',
    'it&#39;s',
    '&#x27;',
    'a&nbsp;b',
    '<p>Soft</p>',
    'a<br/>b',
    '<a href="x">b</a>',
  ].map((text) => [text, 'HTML']),
  ['a_x0007_b', "Excel's code for a character"],
  ['one\\r\\ntwo', 'a line break that is written out'],
  ['one\\nTwo', 'a line break that is written out'],
])('%j looks like %s', (text, what) => {
  expect(found(text)).toEqual([what]);
});

test.each([
  'A tent for none but you.',
  'Null and void',
  'Nan bread',
  'R&D; AT&T;',
  'a < b > c, 5 <6> 7',
  'C:\\new',
  'MAÇÃ” e «CAFÉ» … «À»',
  'Über São Paulo, naïve “café”… Ångström',
  'Привет, мир',
  '日本語 😀',
  'É» Ê… Î’',
  'snake_x_y_',
  '#1 tent',
])('%j is text', (text) => {
  expect(found(text)).toEqual([]);
});

test('each kind is told once for a column, with its first row and the number of rows', () => {
  const leftovers = new Leftovers();
  const item = (description: string, more: object = {}) => ({
    id: 'a',
    name: 'A',
    description,
    ...more,
  });
  leftovers.look(2, item('fine'));
  leftovers.look(3, item('<p>a</p> &amp; <b>'));
  leftovers.look(4, item('x &lt; y', { attributes: { 'a&amp;b': [1, 'x', 'NULL'] } }));
  expect(leftovers.all()).toEqual([
    { column: 'description', what: 'HTML', line: 3, rows: 2, example: '<p>' },
    { column: 'attributes', what: 'a word for nothing', line: 4, rows: 1, example: 'NULL' },
    { column: 'attributes', what: 'HTML', line: 4, rows: 1, example: '&amp;' },
  ]);
});
