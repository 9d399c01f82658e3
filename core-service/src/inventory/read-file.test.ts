/** Files as spreadsheets and other programs write them, read without a database. */
import { Readable } from 'node:stream';
import { expect, test, describe } from 'vitest';
import { readItem } from './item-row.ts';
import { readItems } from './read-file.ts';

const HEADER = 'id,name,description,price,floor,currency';
const ROW = 'a1,Tent,A tent.,89.90,60,USD';
const TENT = {
  id: 'a1',
  name: 'Tent',
  description: 'A tent.',
  base_price_minor: 8_990,
  floor_price_minor: 6_000,
  currency: 'USD',
};
const OTHER_TEXTS = { name: 'Schön', description: 'A tent.' };

const separated = (separator: string, text = `${HEADER}\n${ROW}\n`): string =>
  text.replaceAll(',', separator);
const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const json = (...more: readonly object[]): readonly object[] =>
  more.map((each, i) => ({
    id: `j${i + 1}`,
    name: 'Tent',
    description: 'A tent.',
    price: 89.9,
    floor: 60,
    currency: 'USD',
    ...each,
  }));

/** @returns the items, or a line for each mistake as the command line prints it */
async function read(content: string | Buffer | Readable, encoding?: string): Promise<unknown[]> {
  const bytes =
    content instanceof Readable
      ? content
      : Readable.from([Buffer.from(content)], { objectMode: false });
  const found: unknown[] = [];
  for await (const each of readItems(bytes, encoding)) {
    const item = 'raw' in each ? readItem(each.line, each.raw) : [each];
    if (!Array.isArray(item)) found.push(item);
    else
      for (const { line, column, reason } of item) {
        found.push(`${line}${column === undefined ? '' : `, ${column}`}: ${reason}`);
      }
  }
  return found;
}

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

/** An item of JSON without its id. */
const tent = (): object => ({ ...json({})[0], id: undefined });

describe('is refused at its place', () => {
  const csv = (...rows: readonly string[]): string => [HEADER, ...rows].join('\n');

  test.each<[string, string, readonly unknown[]]>([
    [
      'an open quote',
      csv('a1,"Tent,A tent.,89.90,60,USD', ROW),
      ['2, name: has a quote that opens here and is never closed'],
    ],
    [
      'one in a later cell of a row of two lines',
      csv(ROW, 'a2,"Two","Li\nnes",1,1,"USD', 'a3,b', 'a4'),
      [TENT, '4, currency: has a quote that opens here and is never closed'],
    ],
    [
      'two open quotes',
      csv('a1,"Tent,A tent.,89.90,60,USD', 'a2,"Tent,x,1,1,USD'),
      [
        '2, name: has a quote that opens here and another one in the middle of a cell on line 3; in a quoted cell it is written twice',
      ],
    ],
    [
      'a quote inside',
      csv('a1,Tent 5" wide,A tent.,89.90,60,USD'),
      ['2, name: has a quote in the middle of a cell; in a quoted cell it is written twice'],
    ],
    [
      'a cell that never ends',
      csv(`a1,"${'x\n'.repeat(60_000)}`),
      ['2, name: has a quote that opens here, and more than 100000 characters'],
    ],
    [
      'a longer row',
      csv('a1,Tent, big,A tent.,89.90,60,USD'),
      ['2: has 7 cells, the header has 6: is a quote missing?'],
    ],
    [
      'a cell without a header',
      `${HEADER},,\n${ROW},,note`,
      ['2, column H: has "note", but no name in the header', TENT],
    ],
    [
      'one behind the alphabet',
      `${HEADER}${','.repeat(21)}\n${ROW}${','.repeat(21)}x`,
      ['2, column AA: has "x", but no name in the header', TENT],
    ],
    [
      'an item above the header',
      `a0,${ROW.slice(3)}\n${csv()}`,
      ['1: stands above the header, which is line 2'],
    ],
    [
      'no header',
      `${ROW}\n${ROW}`,
      [
        '1: is no header: a line with the columns id, name, description, price, floor, currency must come first',
      ],
    ],
    [
      'an open quote in the header',
      `id,"name,${ROW}`,
      ['1, column B: has a quote that opens here and is never closed'],
    ],
    [
      'every line in quotes',
      `"${HEADER}"\r\n"a1,Tent,""A tent, warm."",89.90,60,USD"`,
      [expect.stringMatching(/^1: has quotes around the whole line, which make it one cell: take/)],
    ],
    [
      'every line in quotes, with semicolons',
      `"${HEADER.replaceAll(',', ';')}"`,
      [expect.stringMatching(/^1: has quotes around the whole line/)],
    ],
    [
      'every line in quotes, below a title',
      `Tents\n"${HEADER}"\n"${ROW}"`,
      [expect.stringMatching(/^2: has quotes around the whole line/)],
    ],
    [
      'every row in quotes',
      csv(`"${ROW}"`, ROW),
      [expect.stringMatching(/^2: has quotes around the whole line/), TENT],
    ],
    ...([
      ["'", "'"],
      ['“', '”'],
      ['„', '“'],
      ['«', '»'],
      ['`', '`'],
    ].map(([open = '', close = '']) => [
      `names in ${open}${close}`,
      `${HEADER}\n${ROW}\n`.replace(/[^,\n]+/g, `${open}$&${close}`),
      [
        `1: has its names in quotes such as ${open}, here and perhaps below; CSV has the straight double ones, "`,
      ],
    ]) as [string, string, unknown[]][]),
    ...[
      ['4,00638E+12', '; a spreadsheet has shortened it: format its column as text'],
      ['4E+12', '; a spreadsheet has shortened it: format its column as text'],
      ['SKU 0815', ''],
      ['MÜ-12', ''],
      ['a/b', ''],
    ].map(([id, hint]): [string, string, unknown[]] => [
      `the id ${id}`,
      csv(`"${id}",Tent,A tent.,89.90,60,USD`),
      [`2, id: must be 1 to 64 letters, digits or any of _ . : -, not "${id}"${hint}`],
    ]),
    [
      'a currency in small letters',
      csv('a1,Tent,A tent.,89.90,60,eur', 'a2,Tent,A tent.,89.90,60,Euro'),
      [
        '2, currency: "eur" is not an ISO 4217 currency such as USD; write EUR in capitals',
        '3, currency: "Euro" is not an ISO 4217 currency such as USD',
      ],
    ],
    [
      'other things for a number',
      JSON.stringify(json({ quantity: true, rounds: [3], beta: { a: 1 } })[0]),
      [
        '1, quantity: must be a whole number from 0 to 1000000000, not "true"',
        '1, rounds: must be a whole number from 1 to 100, not "[3]"',
        '1, beta: must be a number from 0.01 to 10, not "{\\"a\\":1}"',
      ],
    ],
    [
      'another language, as it was written',
      `${HEADER},language,price_ending\n${ROW},de-DE,.9X\n${ROW.replace('a1', 'a2')},DE,`,
      [
        expect.stringMatching(/^2, language: must be one of .*, not "de-DE"$/),
        expect.stringMatching(/^2, price_ending: must be one of .*, not "\.9X"$/),
        expect.objectContaining({ id: 'a2', language: 'de' }),
      ],
    ],
    ...(
      [
        ['items by their ids', { t1: tent(), t2: tent() }, 't1', ', each with its id'],
        ['items under one key', { items: { t1: tent() } }, 'items.t1', ', each with its id'],
        [
          'edges of GraphQL',
          { data: { products: { edges: [{ node: json({})[0] }] } } },
          'data.products.edges.0.node',
          '',
        ],
        ['what has two columns', { data: { a: [{ id: 'a', name: 'b' }] } }, 'data.a.0', ''],
        ['rows of a database', { _index: 'x', _id: '1', _source: json({})[0] }, '_source', ''],
      ] as const
    ).flatMap(([what, raw, path, id]) =>
      [undefined, 2].map((indent): [string, string, unknown[]] => [
        `${what} (${indent ?? 0})`,
        JSON.stringify(raw, undefined, indent),
        [
          `1: is an object that holds its items inside, the first in "${path}": give a list of the items themselves, [{…}, …]${id}`,
        ],
      ]),
    ),
    [
      'an item with one inside is none',
      JSON.stringify({ id: 'a', title: 'x', variants: [{ id: 'b', price: 1 }] }),
      expect.arrayContaining(['1, name: is missing']),
    ],
    [
      'a word for no limit',
      `${HEADER},quantity\n${ROW},NULL`,
      ['2, quantity: must be a whole number from 0 to 1000000000, not "NULL"'],
    ],
    ['a column twice', `${HEADER},ID\n`, ['1, id: is there twice, in columns A and G']],
    [
      'an unknown column, under its own name',
      `Preisliste\n${HEADER},Farbe\n`,
      [expect.stringMatching(/^2, Farbe: is none of id, /)],
    ],
    [
      'control characters',
      csv('a1,Te\u0007nt,A\0 tent.,89.90,60,USD'),
      [
        '2, name: has the control character U+0007',
        '2, description: has the control character U+0000',
      ],
    ],
    [
      'marks of direction',
      csv('a1,Te\u202ent,A\u2066 tent.,89.90,60,USD'),
      [
        '2, name: has U+202E, which turns the direction of what follows: delete it',
        '2, description: has U+2066, which turns the direction of what follows: delete it',
      ],
    ],
    [
      'what nobody sees in codes and numbers',
      `${HEADER},quantity,active,margin_amount\na\u202a1,Tent,A,8\u202a9,6\u200b0,US\u00adD,1\u200b0,tr\u202aue,1\u202a0`,
      [
        '2, id: has the invisible character U+202A',
        '2, price: has the invisible character U+202A',
        '2, floor: has the invisible character U+200B',
        '2, currency: has the invisible character U+00AD',
        '2, quantity: has the invisible character U+200B',
        String.raw`2, active: must be true or false, not "tr\u202Aue"`,
        '2, margin_amount: has the invisible character U+202A',
      ],
    ],
    [
      'a separator of lines in a name',
      csv('a1,Tent\u2028wide,A tent.,89.90,60,USD'),
      ['2, name: has a line break or a tab: is a quote missing?'],
    ],
    [
      'a line break in a name',
      csv('a1,"Tent\nwide",A tent.,89.90,60,USD'),
      ['2, name: has a line break or a tab: is a quote missing?'],
    ],
    [
      'lines are counted in every way of ending them',
      `\n${HEADER}\r\n\r\n"a1","x","two\r\nlines",9,6,USD\rb,,x,1,1,USD`,
      [expect.objectContaining({ id: 'a1' }), '6, name: is empty'],
    ],
    [
      'an array that is cut off',
      JSON.stringify(json({}, {}), undefined, 2).slice(0, -20),
      [expect.objectContaining({ id: 'j1' }), '10: the array does not end: is the file cut off?'],
    ],
    [
      'an array with a comma too many in its middle',
      `[${JSON.stringify(json({})[0])},\n,${JSON.stringify(json({})[0])}]`,
      expect.arrayContaining(['2: is no JSON: nothing stands here; is there a comma too many?']),
    ],
    [
      'something behind an array',
      `${JSON.stringify(json({}))}\n{}`,
      [expect.objectContaining({ id: 'j1' }), '2: stands behind the end of the array'],
    ],
    ['an empty array', '[]', ['1: there is nothing in it']],
    ['an array of other things', '[["id"],\n5]', ['1: is no JSON object', '2: is no JSON object']],
    ['an object that does not end', '{\n"id": "a"\n', [expect.stringMatching(/^1: is no JSON: /)]],
    ['a key twice', '{"price":1,"Price":2}', expect.arrayContaining(['1, price: is there twice'])],
    [
      'a number that is no amount',
      JSON.stringify(json({ price: 0.1 + 0.2, floor: 0.1 })[0]),
      [
        expect.stringMatching(
          /^1, price: 0\.30000000000000004 has more than the 2 decimals of USD/,
        ),
      ],
    ],
    ['a number that is no word', JSON.stringify(json({ name: 5 })[0]), ['1, name: must be text']],
    ...[
      ['Size', 'size'],
      ['café', 'cafe\u0301'],
      ['a b', 'Ａ\u00A0B'],
    ].map(([one = '', other = '']): [string, string, unknown] => [
      `a key that reads the same twice: ${one}`,
      JSON.stringify(json({ attributes: { [one]: 1, [other]: 2 } })[0]),
      [`1, attributes: has the key "${other}" twice, in another spelling too`],
    ]),
    [
      'a key that reads the same, in a cell',
      `${HEADER},attributes\n${ROW},"{""Size"":""L"",""size"":""M""}"`,
      ['2, attributes: has the key "size" twice, in another spelling too'],
    ],
    [
      'keys that differ, or of which one is null',
      JSON.stringify(json({ attributes: { u: 1, ü: 2, Size: null, size: 'M' } })[0]),
      [expect.objectContaining({ attributes: { u: 1, ü: 2, size: 'M' } })],
    ],
    [
      'digits that a double cannot hold',
      JSON.stringify(json({ attributes: { n: 1 } })[0]).replace(
        '{"n":1}',
        '{"n":12345678901234567890}',
      ),
      ['1, attributes: has 12345678901234567890, which has too many digits; write it as text'],
    ],
    [
      'a number of JSON that would be rounded to one that is taken',
      JSON.stringify(json({ quantity: 0 })[0])
        .replace('89.9', '89.90000000000000000001')
        .replace('"quantity":0', '"quantity":2.00000000000000000001'),
      expect.arrayContaining([
        '1, price: has 89.90000000000000000001, which has too many digits; write it as text',
        '1, quantity: has 2.00000000000000000001, which has too many digits; write it as text',
      ]),
    ],
    [
      'a control character in the attributes',
      JSON.stringify(json({ attributes: { n: ['a\rb'] } })[0]),
      ['1, attributes: has the control character U+000D'],
    ],
    [
      'a line of JSON Lines with a comma too many',
      `${JSON.stringify(json({})[0])},\n${JSON.stringify(json({})[0])}`,
      [expect.stringMatching(/^1: is no JSON: /), expect.objectContaining({ id: 'j1' })],
    ],
    [
      'a separator that is not read',
      csv(ROW).replaceAll(',', '^'),
      [
        '1: separates its names by "^"; comma, semicolon, tab and | are read, and others when the first line says sep=^',
      ],
    ],
    [
      'a separator in full width, below a title',
      `Prices\n${csv(ROW).replaceAll(',', '，')}`,
      [
        expect.stringMatching(
          /^2: separates its names by "，"; comma, semicolon, tab and \| are read/,
        ),
      ],
    ],
    [
      'another separator than the first line says',
      `sep=;\n${csv(ROW)}`,
      [
        '2: separates its names by ",", but the first line says sep=;: take that line away, or write sep=,',
      ],
    ],
    [
      'an object around the array',
      JSON.stringify({ total: 2, next: null, items: json({}, {}) }),
      ['1: is an object that holds its items in "items": give that array itself, [{…}, …]'],
    ],
    [
      'a long object around the array',
      JSON.stringify({ data: json(...Array.from({ length: 2_000 }, () => ({}))) }),
      ['1: is an object that holds its items in "data": give that array itself, [{…}, …]'],
    ],
    ['nothing', '\ufeff\n', ['1: there is nothing in it']],
  ])('%s', async (_what, content, lines) => {
    expect(await read(content)).toEqual(lines);
  });
});

describe('attributes are refused by their key', () => {
  const twice = 'has the key "colour" twice';
  test.each<[string, string]>([
    ['{"colour":"sand","colour":"green"}', twice],
    ['{"__proto__":"x"}', 'has the key "__proto__", which cannot be kept: name it otherwise'],
    [
      '{"size":{"width":1}}',
      'has an object in "size": write texts, numbers, true or false, or one list of these',
    ],
    [
      '{"sizes":[1,[2]]}',
      'has a list inside of a list in "sizes": write texts, numbers, true or false, or one list of these',
    ],
    ['{"sizes":[1,null]}', 'has null in the list of "sizes": leave it out'],
    ['{"n":1e400}', 'has a number in "n" that is too great; write it as text'],
    ['{"n":[-1e400]}', 'has a number in "n" that is too great; write it as text'],
    ...[
      '9007199254740993',
      '-9007199254740993.0',
      '1e22',
      '0.1234567890123456789012',
      '9.00719925474099312',
      '1.00000000000000000000000000001E5',
      `0.${'1'.repeat(50)}`,
    ].flatMap((number): [string, string][] =>
      [`{"n":${number}}`, `{"n":[1,${number}]}`].map((written) => [
        written,
        `has ${number}, which has too many digits; write it as text`,
      ]),
    ),
    ['{"n":1e-400}', 'has 1e-400, which is too close to 0; write it as text'],
    [
      `{"n":0.${'12'.repeat(200)}}`,
      `has 0.${'12'.repeat(29)}…, which has too many digits; write it as text`,
    ],
    ['{"":1}', 'has a key without a name'],
    ['{"colour":"#N/A"}', "is a spreadsheet's error, #N/A"],
    ['{"colour":"sa\u202end"}', 'has U+202E, which turns the direction of what follows: delete it'],
    ['["sand"]', 'must be a JSON object of texts, numbers, true or false, or lists of these'],
  ])('%s', async (attributes, reason) => {
    const line = JSON.stringify(json({ attributes: 0 })[0]).replace(':0}', `:${attributes}}`);
    const cell = `"${attributes.replaceAll('"', '""')}"`;
    expect(await read(`${HEADER},attributes\n${ROW},${cell}`)).toEqual([
      `2, attributes: ${reason}`,
    ]);
    expect((await read(line))[0]).toBe(`1, attributes: ${reason}`);
    expect((await read(`[${line}]`))[0]).toBe(`1, attributes: ${reason}`);
  });
});

test.each([
  ['0.1', 0.1],
  ['-0.0', -0],
  ['1.50', 1.5],
  ['100', 100],
  ['1e3', 1_000],
  ['9007199254740991', 9_007_199_254_740_991],
  ['0.30000000000000004', 0.1 + 0.2],
  // Some programs write 17 digits of every number, or all of them.
  ['0.10000000000000001', 0.1],
  ['0.1000000000000000055511151231257827021181583404541015625', 0.1],
  ['5e-324', Number.MIN_VALUE],
])('the number %s in the attributes is kept as it is', async (written, value) => {
  const line = JSON.stringify(json({ attributes: 0 })[0]).replace(':0}', `:{"n":[${written}]}}`);
  const cell = `"{""n"":[${written}]}"`;
  expect(await read(line)).toMatchObject([{ attributes: { n: [value] } }]);
  expect(await read(`${HEADER},attributes\n${ROW},${cell}`)).toMatchObject([
    { attributes: { n: [value] } },
  ]);
});

describe('JSON that people and programs write otherwise', () => {
  const item = JSON.stringify(json({})[0]);
  const shape = 'must be a JSON object of texts, numbers, true or false, or lists of these';

  test.each([`[${item},]`, `[${item},\n]\n`, `[\n${item} , ]`])(
    'a comma behind the last item of an array is passed over: %j',
    async (content) => {
      expect(await read(content)).toMatchObject([{ id: 'j1' }]);
    },
  );

  test.each([
    ['single quotes', `{'id':'j1'}`, /^it has single quotes; JSON has double ones, "$/],
    ['curly quotes', '{“id”:“j1”}', /^it has curly quotes; JSON has only the straight "/],
    ['a comment at the end', `${item} // the first`, /^it has a comment, which JSON has not/],
    ['a comment inside', item.replace(',', ', /* name */'), /^it has a comment/],
    ['a comma at the end of an object', item.replace('}', ',}'), /^it has a comma before a clos/],
    ['a comma behind an object', `${item},`, /^it has a comma behind its end; delete it/],
    ['words of Python', item.replace('60', 'None'), /^it has a word of a program; JSON has true/],
    ['NaN', item.replace('60', 'NaN'), /^it has NaN or Infinity, which JSON has not/],
    ['keys without quotes', `{id:"j1"}`, /^it has a key without quotes; put it in double ones/],
  ])('%s is named', async (_what, content, words) => {
    const reason = expect.stringMatching(new RegExp(`^1: is no JSON: ${words.source.slice(1)}`));
    expect(await read(content)).toEqual([reason]);
  });

  test.each([
    ['a comment between items', `[\n// the first\n${item}]`, '2: is no JSON: it has a comment, '],
    ['a line that is a comment', `${item}\n// end\n`, '2: is no JSON: it has a comment, '],
    ['a line with #', `${item}\n# end\n`, '2: is no JSON: it has a comment, '],
  ])('%s is named at its line', async (_what, content, words) => {
    expect(await read(content)).toContainEqual(expect.stringContaining(words));
  });

  test.each([
    ['a fence around JSON', `\`\`\`json\n[${item}]\n\`\`\`\n`, 'has a fence of Markdown'],
    ['a fence below a line', `Here they are:\n\n~~~\n${item}\n~~~`, 'has a fence of Markdown'],
    ['a fence around CSV', `\`\`\`csv\n${HEADER}\n${ROW}\n\`\`\``, 'has a fence of Markdown'],
    ['a comment first', `// items\n[${item}]`, 'begins with a comment, which JSON has not'],
    ['a comment with # first', `# items, all\n[${item}]`, 'begins with a comment, which JSON'],
    ['a comment of lines first', `/* items */ [${item}]`, 'begins with a comment, which JSON'],
    ['JSON inside of a text', JSON.stringify(`[${item}]`), 'is a text with JSON inside: take'],
  ])('%s is named', async (_what, content, words) => {
    await expect(read(content)).rejects.toThrow(words);
  });

  test('a fence inside of a text is text', async () => {
    const content = `${HEADER}\n${ROW.replace('A tent.', '"Use:\n```\nsleep\n```"')}`;
    expect(await read(content)).toMatchObject([{ description: 'Use:\n```\nsleep\n```' }]);
  });

  test.each([
    [`{'wood':'oak'}`, ': it has single quotes; JSON has double ones, "'],
    ['{“wood”:“oak”}', ': it has curly quotes; JSON has only the straight ", double'],
    ['{"wood":"oak",}', ': it has a comma before a closing bracket; delete it'],
    [
      '{wood:"oak"}',
      ': it has a key without quotes; put it in double ones, ", which a shell may have taken away',
    ],
    ['{"wood":True}', ': it has a word of a program; JSON has true, false and null'],
    [
      String.raw`"{\"wood\":\"oak\"}"`,
      ': it is a text with JSON inside; take the quotes around it and the \\ away',
    ],
    ['oak', ''],
    ['"oak"', ''],
  ])('the attributes %s say what was seen', async (attributes, words) => {
    const cell = `"${attributes.replaceAll('"', '""')}"`;
    expect(await read(`${HEADER},attributes\n${ROW},${cell}`)).toEqual([
      `2, attributes: ${shape}${words}`,
    ]);
    expect(await read(JSON.stringify(json({ attributes })[0]))).toEqual([
      `1, attributes: ${shape}${words}`,
    ]);
  });
});

describe("a spreadsheet's error", () => {
  test.each([
    '#N/A',
    '#REF!',
    '#VALUE!',
    '#NAME?',
    '#DIV/0!',
    '#NULL!',
    '#NUM!',
    '#SPILL!',
    '#BEZUG!',
    'Err:502',
    '########',
  ])('%s alone is refused in every column', async (cell) => {
    expect(await read(`${HEADER},quantity\n${Array(7).fill(cell).join()}`)).toEqual(
      [...HEADER.split(','), 'quantity'].map((column) =>
        expect.stringContaining(`2, ${column}: is a spreadsheet's error, ${cell}`),
      ),
    );
  });

  test('is read inside of a text', async () => {
    expect(await read(`${HEADER}\na1,#1 tent,What #N/A means,89.90,60,USD`)).toMatchObject([
      { name: '#1 tent', description: 'What #N/A means' },
    ]);
  });
});

describe('a quote that pairs by chance is told where it opened', () => {
  const header = `${HEADER},quantity,language`;
  const swallowed = (line: number, column = 'description') =>
    `2, ${column}: has a quote that opens here, and line ${line} inside of it looks like a row of its own: a quote that is part of a text is written twice, in a cell that is quoted`;

  test.each<[string, string, readonly unknown[]]>([
    [
      'with a mark of inches',
      `${header}\np1,Pipe,"Best pipe,89.90,60,USD,,\np2,Pipe two,Pipe of 6",80,50,USD,,`,
      [swallowed(3)],
    ],
    [
      'in short rows',
      `${header}\np1,Pipe,"Best pipe,89.90,60,USD\np2,Pipe two,Pipe of 6",80,50,USD\n${ROW}`,
      [swallowed(3), expect.objectContaining(TENT)],
    ],
    [
      'rows later',
      `${header}\np1,Pipe,"Best, pipe,89.90,60,USD,,\np2,P,D,4,3,USD\np3,Pipe,Pipe of 6",80,50,USD`,
      [swallowed(3)],
    ],
    [
      'beside a separator too many',
      `${header}\np1,Pipe,"Best, pipe,89.90,60,USD,,\np2,Pipe two,Pipe of 6",80,50,USD,,`,
      [swallowed(3)],
    ],
    [
      'before a price in quotes',
      `${header}\np1,Pipe,"Best pipe,89.90,60,USD,,\np2,Pipe two,Pipe of 6","1,080.00",50,USD,,`,
      [swallowed(3)],
    ],
    [
      'in the last column',
      'id,name,price,floor,currency,description\np1,Pipe,89.90,60,USD,"Best\np2,Pipe,80,50,USD,Pipe of 6"',
      [swallowed(3)],
    ],
  ])('%s', async (_what, content, lines) => {
    expect(await read(content)).toEqual(lines);
    const tabs = content.replaceAll(/,(?!\d{3}\.)/g, '\t');
    expect(await read(tabs)).toEqual(lines);
  });
});

describe('is named in one line', () => {
  const zip = (...names: readonly string[]): Buffer =>
    Buffer.concat([Buffer.from('504b0304', 'hex'), ...names.map((name) => Buffer.from(name))]);
  const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
  const cafe = `${HEADER}\n${ROW}\na2,Café,Ein Zelt,9,6,EUR\n`;

  test.each<[string | Buffer, RegExp]>([
    [
      zip('[Content_Types].xml', 'xl/workbook.xml'),
      /^is an Excel workbook \(\.xlsx\): open it .* as "CSV UTF-8"$/,
    ],
    [
      zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
      /^is an OpenDocument file \(\.ods\): /,
    ],
    [zip('word/document.xml'), /^is a Word document/],
    [zip('items.csv'), /^is a ZIP archive: unpack it first$/],
    [bytes('d0cf11e0a1b11ae1 0000'), /^is an old Excel workbook \(\.xls\)/],
    [bytes('1f8b0800'), /^is compressed with gzip: unpack it first$/],
    [Buffer.from('%PDF-1.7\n'), /^is a PDF: export the items/],
    [bytes('89504e470d0a1a0a'), /^is a picture \(PNG\)/],
    [Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)), /^is no text that can be read: /],
    [`<<<<<<< HEAD\n${HEADER}\n=======\n${ROW}`, /^has marks of a conflict of git/],
    [`${HEADER}\r\n<<<<<<< ours\r\n${ROW}`, /^has marks of a conflict of git/],
    [`[\n{"id":"a"\n>>>>>>> theirs\n`, /^has marks of a conflict of git/],
    [
      ` ${HEADER.replaceAll(',', ' | ')}\n----+------+---\n`,
      /^is a table that is drawn .*psql --csv/,
    ],
    [`+----+------+\n| id | name |\n+----+------+\n`, /^is a table that is drawn with lines/],
    ['| id | name |\n|:---|-----:|\n', /^is a table that is drawn with lines/],
    ['id | name\n--- | ---\n', /^is a table that is drawn with lines/],
    ['- id: a1\n  name: Tent\n', /^is YAML: convert it to JSON/],
    ['---\n# all\nitems:\n  - id: a1\n', /^is YAML/],
    ['tent_1:\n  name: Tent\n', /^is YAML/],
    ['[[items]]\nid = "a1"\n', /^is TOML/],
    ["INSERT INTO items (id) VALUES ('a1');", /^is SQL: run it in its database/],
    ['-- PostgreSQL database dump\n\nSET statement_timeout = 0;\n', /^is SQL/],
    ['/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS items;', /^is SQL/],
    ['COPY public.items (id, name) FROM stdin;\na1\tTent\n\\.\n', /^is SQL/],
    ['MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n--x', /^is a web page or a mail/],
    ['ID;PWXL;N;E\nC;Y1;X1;K"id"\n', /^is SYLK/],
    ['export default [{"id":"a1"}];', /^is a program with JSON inside/],
    ['const items = [\n{"id":"a1"}]', /^is a program with JSON inside/],
    ['callback([{"id":"a1"}])', /^is a program with JSON inside/],
    ['<html><table></table></html>', /^is HTML or XML: open it in a spreadsheet/],
    ['{\\rtf1 x}', /^is a document in Rich Text/],
    [bytes('fffe0000 69000000'), /^is in UTF-32LE: save it as "CSV UTF-8"$/],
    [
      latin(cafe),
      /^has bytes on line 3 that are no UTF-8, at "a2,Caf\uFFFD": save it as "CSV UTF-8", or name its encoding: --encoding windows-1252 for Western Europe, .*windows-1251 for Cyrillic, .* or macintosh$/,
    ],
    [
      `${HEADER}\n${ROW}\na2,Caf\uFFFD,x,9,6,EUR`,
      /^has U\+FFFD on line 3, at "a2,Caf\uFFFD": another program has put it in the place of a character that it could not read; export the items again/,
    ],
    [
      Buffer.from(`\ufeff${HEADER}\na2,Caf\uFFFD,x,9,6,EUR`, 'utf16le'),
      /^has U\+FFFD on line 2, at "a2,Caf\uFFFD": another program/,
    ],
    [
      latin(`${HEADER}\n${`${ROW}\r\n`.repeat(5_000)}a2,Café,x,9,6,EUR`),
      /^has bytes on line 5002 that are no UTF-8/,
    ],
    [
      Buffer.from(`${HEADER}\na1,Caf\u00e9`).subarray(0, -1),
      /^has bytes on line 2 that are no UTF-8, at "a1,Caf\uFFFD"/,
    ],
    [
      Buffer.from(`\ufeff${HEADER}\na1`, 'utf16le').subarray(0, -1),
      /^has bytes on line 2 that are no UTF-16LE/,
    ],
  ])('%#', async (content, words) => {
    await expect(read(content)).rejects.toThrow(words);
  });

  test.each([
    ['Price list: tents', `Price list: tents\n${HEADER}\n${ROW}`],
    ['Set of prices', `Set of prices\n${HEADER}\n${ROW}`],
    ['-- 2026 --', `-- 2026 --\n${HEADER}\n${ROW}`],
  ])('but not a title such as %s', async (_title, content) => {
    expect(await read(content)).toEqual([TENT]);
  });

  test('ISO-2022-JP is read, whole and byte by byte', async () => {
    const japanese = `${HEADER}\na1,\x1b$B%F%s%H\x1b(B,\x1b$BFs?MMQ\x1b(B,12000,9000,JPY\n`;
    const content = Buffer.from(japanese, 'latin1');
    const items = [{ name: 'テント', description: '二人用', base_price_minor: 12_000 }];
    expect(await read(content)).toMatchObject(items);
    expect(await read(Readable.from([...content].map((byte) => Buffer.of(byte))))).toMatchObject(
      items,
    );
  });

  test('and read in the encoding that is named', async () => {
    const item = { id: 'a2', name: 'Café', description: 'Ein Zelt' };
    expect(await read(latin(cafe), 'windows-1252')).toMatchObject([TENT, item]);
    await expect(read(cafe, 'windows-1252')).rejects.toThrow('is in UTF-8 and not in windows-1252');
    for (const name of ['klingon', 'ansi', '1252', 'cp850', 'Windows 1252']) {
      await expect(read(cafe, name)).rejects.toThrow(
        `cannot be read in ${name}, which is no name of an encoding: name windows-1252, `,
      );
    }
    expect(await read(Buffer.from(`\ufeff${cafe}`, 'utf16le'), 'windows-1252')).toMatchObject([
      TENT,
      item,
    ]);
  });
});

describe('a file in UTF-8 that is said to be in another encoding is told', () => {
  const long = `${HEADER}\n${`${ROW}\n`.repeat(5_000)}`;
  const inUtf8 = 'is in UTF-8 and not in windows-1252: import it without --encoding';

  test('however late it is no ASCII', async () => {
    const content = Buffer.from(`${long}a2,Café,x,9,6,EUR\n`);
    const inside = content.indexOf(0xc3) + 1;
    const ends = [40_000, inside, content.length];
    const pieces = ends.map((end, i) => content.subarray(ends[i - 1] ?? 0, end));
    await expect(read(Readable.from(pieces), 'windows-1252')).rejects.toThrow(inUtf8);
  });

  test('and one that is not is read', async () => {
    const latin = Buffer.from(`${long}a2,Café,CafÃ©,9,6,EUR\n`, 'latin1');
    expect((await read(latin, 'windows-1252')).at(-1)).toMatchObject({
      name: 'Café',
      description: 'CafÃ©',
    });
    expect((await read(long, 'windows-1252')).at(-1)).toEqual(TENT);
  });

  test('and ASCII has nothing else in it', async () => {
    const latin = Buffer.from(`${long}a2,Café,x,9,6,EUR\n`, 'latin1');
    await expect(read(latin, 'ascii')).rejects.toThrow(
      'has bytes on line 5002 that are no ASCII, at "a2,Caf\uFFFD"',
    );
    expect((await read(long, 'US-ASCII')).at(-1)).toEqual(TENT);
  });
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
