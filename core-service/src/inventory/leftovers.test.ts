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
  ...['one\\r\\ntwo', 'one\\nTwo', 'one\\ntwo', 'Tent\\tOne', 'a tab\\there', 'one\\rtwo'].map(
    (text) => [text, 'a line break or a tab that is written out'],
  ),
  ...[
    'Caf\\u00e9',
    'Caf\\u{e9}',
    '\\U0001F600',
    '\\ud83d\\ude00',
    'Caf\\xc3\\xa9',
    'Caf\\303\\251',
    'Cafu00e9 Zelt',
    'Caf=C3=A9',
    'f=FCr zwei',
    'Caf=E9',
    'a =3D b',
    'soft=20\nwarm',
    '=?utf-8?Q?Caf?=',
    'Caf+AOk-',
    'Caf%C3%A9',
    'caf%c3%a9',
    'Ein%20Zelt.',
    'soft%2C warm%2Cdry',
  ].map((text) => [text, 'a character that is written as its code']),
  ...["'Tent'", '“Tent, big”', '„Zelt“', '‘Tent’', '`Tent`'].map((text) => [
    text,
    'quotes that are none of CSV',
  ]),
  ...['C:\\\\tents', 'Tent \\"Big\\"', "it\\'s", 'soft\\, warm'].map((text) => [
    text,
    'a character behind a backslash too many',
  ]),
])('%j looks like %s', (text, what) => {
  expect(found(text)).toEqual([what]);
});

test.each([
  'A tent for none but you.',
  'Null and void',
  'Nan bread',
  "'tis",
  "'Best' of 'all'",
  'The “best” tent',
  'R&D; AT&T;',
  'a < b > c, 5 <6> 7',
  'C:\\new',
  'See D:\\my tents\\new\\there',
  '\\\\host\\new\\tents',
  'C:\\users\\xenon',
  'Format=A4, E=mc2, a=b, RAL=DE',
  '100%20 wool, 50% 20 cm, 5%-25%',
  'https://shop.example/a%20b%C3%A9',
  '+ABC-Tent, A+B-C',
  'Menu2010, Zulu00 and so on',
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
