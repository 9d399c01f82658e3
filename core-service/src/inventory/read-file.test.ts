/** Files as spreadsheets and other programs write them, read without a database. */
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { HEADER, json, read, ROW, TENT } from '../../test/read-content.ts';

const separated = (separator: string, text = `${HEADER}\n${ROW}\n`): string =>
  text.replaceAll(',', separator);
const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const OTHER_TEXTS = { name: 'Schön', description: 'A tent.' };

describe('is read as it was meant', () => {
  const cells = (text: string): string => `${HEADER},quantity,language\n${text}\n`;

  test.each<[string, string | Buffer, object]>([
    ['a header with LF and rows with CRLF', `${HEADER}\n${ROW}\r\n`, TENT],
    ['a header with CRLF and rows with LF', `${HEADER}\r\n${ROW}\n`, TENT],
    ['returns alone', `${HEADER}\r${ROW}\r`, TENT],
    ['a return too many', `${HEADER}\r\r\n${ROW}\r\r\n`, TENT],
    [
      'CRLF inside of a cell',
      `${HEADER}\r\n${ROW.replace('A tent.', '"Two\r\nlines"')}\r\n`,
      { ...TENT, description: 'Two\nlines' },
    ],
    ['empty columns at the end', `${HEADER},,\n${ROW},,\n`, TENT],
    ['an empty column in the middle', `id,,${HEADER.slice(3)}\na1,,${ROW.slice(3)}\n`, TENT],
    ['empty rows at the end', `${HEADER}\n${ROW}\n,,,,,\n ,\t,;,,,,\n`.replace(';', ''), TENT],
    ['more empty cells than the header has', `${HEADER}\n${ROW},,,\n`, TENT],
    ['a short row', cells(ROW), { ...TENT, quantity: null, language: 'en' }],
    ['a Ctrl-Z at the end', `${HEADER}\r\n${ROW}\r\n\u001a`, TENT],
    ['sep=;', `sep=;\r\n${separated(';')}`, TENT],
    [
      'sep=| although commas are there',
      `sep=|\n${separated('|').replace('A tent.', 'A, b, c')}`,
      { ...TENT, description: 'A, b, c' },
    ],
    ['a quoted sep of a tab', `"sep=\t"\n${separated('\t')}`, TENT],
    ['blank lines first', `\n\r\n;;;;;\n${separated(';')}`, TENT],
    ['a title first', `Price list,,,,,\nas of,January\n\n${HEADER}\n${ROW}\n`, TENT],
    [
      'a title with other separators',
      `Tents, lamps, desks, chairs and so on\n${separated(';')}`,
      TENT,
    ],
    ['tabs', separated('\t'), TENT],
    ['semicolons', separated(';'), TENT],
    ['pipes', separated('|'), TENT],
    [
      'blanks around everything',
      `${HEADER}\n a1 ,\u00a0Tent\ufeff, "A tent." , 89.90\u00a0,\t60,\u200bUSD\u00a0\n`,
      TENT,
    ],
    ['the mark of UTF-8', `\ufeff${HEADER}\n${ROW}`, TENT],
    ['the mark twice', `\ufeff\ufeff${HEADER}\n${ROW}`, TENT],
    [
      'a first line that is longer than the beginning',
      `${'x'.repeat(30_000)}\n${HEADER}\n${ROW}`,
      TENT,
    ],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${separated('\t')}`, 'utf16le'), TENT],
    ['UTF-16 without one', Buffer.from(`${HEADER}\n${ROW}`, 'utf16le'), TENT],
    ['UTF-16 of big endian with a mark', bigEndian(`\ufeff${HEADER}\n${ROW}`), TENT],
    ['UTF-16 of big endian without one', bigEndian(`${HEADER}\n${ROW}`), TENT],
    [
      'headers in any case',
      `${HEADER.toUpperCase()},Opening Ratio, bucket-ratio \n${ROW},"0,9",.125\n`,
      { ...TENT, opening_ratio: 0.9, bucket_ratio: 0.125 },
    ],
    [
      'an apostrophe before a formula',
      `${HEADER}\na1,'=A1,''@x,89.90,60,USD`,
      { ...TENT, name: '=A1', description: "'@x" },
    ],
    [
      'an apostrophe before a word',
      `${HEADER}\na1,'tis,'',89.90,60,USD`,
      { ...TENT, name: "'tis", description: "''" },
    ],
    [
      'marks of direction at the margins',
      `${HEADER}\n\u202aa1\u202c,\u2067Tent\u2069,\u202eA tent.\u202c,\u202d89.90,60\u2066,USD\u061c`,
      TENT,
    ],
    [
      'the separators of lines and of paragraphs',
      `${HEADER}\n${ROW.replace('A tent.', 'A\u2028tent\u2029.')}`,
      { ...TENT, description: 'A\ntent\n.' },
    ],
    [
      'text as formulas of a spreadsheet',
      `${HEADER}\n"=""a1""",="Tent","=""A """"good"""" tent.""",="89.90","=""60""",USD`,
      { ...TENT, description: 'A "good" tent.' },
    ],
    [
      'every cell as such a formula',
      `${HEADER}\r\n${ROW}\r\n`
        .replace(/[^,\r\n]+/g, '="$&"')
        .replaceAll(',', '^')
        .replace(/^/, 'sep=^\n'),
      TENT,
    ],
    [
      'such a formula as a text',
      `${HEADER}\na1,"'=""Tent""",A tent.,89.90,60,USD`,
      { ...TENT, name: '="Tent"' },
    ],
    [
      'a text of several lines with commas and numbers',
      `${HEADER}\n${ROW.replace('A tent.', '"Two, 5, 6\n\nwarm, soft"')}`,
      { ...TENT, description: 'Two, 5, 6\n\nwarm, soft' },
    ],
    [
      'such a text in the first column',
      `description,id,name,price,floor,currency\n"Best, of 5\nand 6",a1,Tent,89.90,60,USD`,
      { ...TENT, description: 'Best, of 5\nand 6' },
    ],
    [
      'such a text in the last column',
      `id,name,price,floor,currency,description\na1,Tent,89.90,60,USD,"Best\na, b, c, 4, 5"`,
      { ...TENT, description: 'Best\na, b, c, 4, 5' },
    ],
    ['a sequence of JSON texts', `\u001e${JSON.stringify(tentInJson())}\n\u001e\n`, TENT],
    [
      'a sequence of JSON texts of several lines',
      `\u001e${JSON.stringify(tentInJson(), undefined, 2)}\n`,
      TENT,
    ],
    [
      'attributes that are null',
      JSON.stringify({ ...tentInJson(), attributes: { colour: null, constructor: 'y' } }),
      { ...TENT, attributes: { constructor: 'y' } },
    ],
    ['a JSON array', JSON.stringify([tentInJson()], undefined, 2), TENT],
    ['JSON of several lines', JSON.stringify(tentInJson(), undefined, 2), TENT],
    ['JSON with CRLF', `\ufeff\r\n${JSON.stringify(tentInJson())}\r\n\r\n`, TENT],
    ['JSON in UTF-16', Buffer.from(`\ufeff${JSON.stringify([tentInJson()])}`, 'utf16le'), TENT],
    [
      'JSON with returns in a text',
      JSON.stringify({ ...tentInJson(), description: 'Two\r\nlines\r.' }),
      { ...TENT, description: 'Two\nlines\n.' },
    ],
    [
      'JSON by the headers of a spreadsheet',
      JSON.stringify({ ...tentInJson(), id: undefined, ID: ' a1 ', 'Opening Ratio': 0.9 }),
      { ...TENT, opening_ratio: 0.9 },
    ],
  ])('%s', async (_what, content, item) => {
    expect(await read(content)).toEqual([item]);
  });

  function tentInJson(): object {
    return {
      id: 'a1',
      name: 'Tent',
      description: 'A tent.',
      price: 89.9,
      floor: '60',
      currency: 'USD',
    };
  }
});

test('several objects on several lines each are told apart, with their lines', async () => {
  const [one, two] = json({ description: 'a "}{" b' }, { name: '', quantity: 1.5 });
  const pretty = `${JSON.stringify(one, undefined, 2)}\n${JSON.stringify(two, undefined, 2)}`;
  const expected = [
    expect.objectContaining({ id: 'j1', description: 'a "}{" b' }),
    '9, name: is empty',
    '9, quantity: must be a whole number from 0 to 1000000000, not 1.5',
  ];
  expect(await read(pretty)).toEqual(expected);
  expect(
    await read(JSON.stringify([one, two], undefined, 0).replace('},{', '},\n\n\n\n\n\n\n\n{')),
  ).toEqual(expected);
});

describe('byte by byte, as from a slow pipe, it is the same', () => {
  const one = `Price; list\r\n${separated(';')}`.replace('Tent', 'Schön').replaceAll('\n', '\r\n');
  test.each<[string, Buffer]>([
    ['CSV', Buffer.from(`\ufeff${one}`)],
    ['UTF-16', Buffer.from(one, 'utf16le')],
    [
      'JSON',
      Buffer.from(JSON.stringify([{ ...json({})[0], ...OTHER_TEXTS, id: 'a1' }], undefined, 2)),
    ],
  ])('%s', async (_what, content) => {
    const slow = Readable.from([...content].map((byte) => Buffer.of(byte)));
    const items = await read(slow);
    expect(items).toEqual([{ ...TENT, ...OTHER_TEXTS }]);
    expect(items).toEqual(await read(content));
  });
});
