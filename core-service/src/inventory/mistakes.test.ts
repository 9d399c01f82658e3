/** Mistakes in a file, each told at its place. */
import { describe, expect, test } from 'vitest';
import { HEADER, json, read, ROW, TENT } from '../../test/read-content.ts';

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
