/** Files into the inventory and out of it, by the seller's command line. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createOfflineMistral } from '../../dev/offline-mistral/server.ts';
import { openDatabase } from '../src/db/client.ts';
import { sweepStages } from '../src/inventory/import-repository.ts';
import { embedItems } from '../src/inventory/embed-items.ts';
import { traced } from '../src/llm/embedder.ts';
import { LOCAL_EMBEDDING_MODEL } from '../src/llm/local-embedder.ts';
import { createLogger } from '../src/logger.ts';
import { CLI, runInProcess } from './command-line.ts';
import type { TestDatabase } from './core-harness.ts';
import { nativeUrl, startDatabase } from './core-harness.ts';

const HEADER = 'id,name,description,price,floor,currency';

const folder = mkdtempSync(join(tmpdir(), 'aura-import-'));
let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterEach(() => database.query('delete from inventory_items'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});

function file(content: string | Buffer, name = 'items.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const inventory = (...args: readonly string[]) => inventoryBy({}, ...args);

const inventoryBy = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  runInProcess(['inventory', ...args], { DATABASE_URL: database.url, ...env });

/** Starts a process. @returns it, and what becomes of it */
async function begin(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, DATABASE_URL: database.url, ...more };
  const child = spawn(process.execPath, [CLI, 'inventory', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => void (output[name] += text));
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, ...output }));
  await once(child, 'spawn');
  return { child, ended };
}

function createDatabase() {
  const logger = createLogger({ level: 'silent', service: 'test' });
  const opened = openDatabase({ url: database.url, poolSize: 1, bulk: true }, logger);
  onTestFinished(() => opened.close());
  return opened;
}

const stored = (): Promise<any[]> =>
  database.query(`select id, name, description, base_price_minor::int base,
    floor_price_minor::int floor, currency, quantity, attributes, language, active, rounds, beta,
    bucket_ratio, opening_ratio, margin, margin_minor::int margin_minor, discount_cap, price_ending, daily_concession_minor::int daily,
    draft_above_minor::int draft, high_value_minor::int high, tells_rounds, (select model from item_vectors where item_id = id) model, updated_at from inventory_items order by id`);

test('imports a CSV with all its columns, and gives each item a vector', async () => {
  const path =
    file(`${HEADER},quantity,attributes,language,active,rounds,beta,bucket_ratio,opening_ratio
desk,Walnut desk,Solid wood.,"1,249.50",900,USD,3,"{""wood"":""walnut"",""legs"":4}",en,true,8,0.5,0.05,0.95
lampe,Lampe,"Sie sagte: ""hell"",
und sie war es.",68000,50000,JPY,,,de,false,,,,
`);
  const { ended } = await begin(['import', path]);
  expect(await ended).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      new RegExp(`^${path}: 2 added, 0 updated, 0 as they were.\n2 items embedded by `),
    ),
    stderr: '',
  });
  const none = {
    quantity: null,
    rounds: null,
    beta: null,
    bucket_ratio: null,
    opening_ratio: null,
  };
  expect(await stored()).toMatchObject([
    {
      id: 'desk',
      base: 124_950,
      floor: 90_000,
      quantity: 3,
      attributes: { wood: 'walnut', legs: 4 },
      language: 'en',
      active: true,
      rounds: 8,
      beta: 0.5,
      bucket_ratio: 0.05,
      opening_ratio: 0.95,
      model: LOCAL_EMBEDDING_MODEL,
    },
    {
      id: 'lampe',
      description: 'Sie sagte: "hell",\nund sie war es.',
      base: 68_000,
      attributes: {},
      language: 'de',
      active: false,
      ...none,
    },
  ]);
});

describe('the same item again', () => {
  const row = (text: string) => `${HEADER}\n${text}\n`;

  test('is updated; what the file leaves out stays', async () => {
    await inventory(
      'import',
      file(`${HEADER},quantity,active\ndesk,Desk,Wood.,10,5,USD,3,false\n`),
    );
    const { stdout } = await inventory('import', file(row('desk,Desk,Wood.,12,5,USD')));
    expect(stdout).toContain('0 added, 1 updated, 0 as they were');
    expect(await stored()).toMatchObject([{ base: 1_200, quantity: 3, active: false }]);
  });

  test('with an empty cell is set back', async () => {
    await inventory(
      'import',
      file(`${HEADER},quantity,active\ndesk,Desk,Wood.,10,5,USD,3,false\n`),
    );
    await inventory('import', file(`${HEADER},quantity,active\ndesk,Desk,Wood.,10,5,USD,,\n`));
    expect(await stored()).toMatchObject([{ quantity: null, active: true }]);
  });

  test('with another text gets another vector, with another price keeps its own', async () => {
    const vector = async () =>
      (await database.query('select embedding::text from item_vectors'))[0].embedding;
    await inventory('import', file(row('desk,Desk,Wood.,10,5,USD')));
    const first = await vector();
    const dearer = await inventory('import', file(row('desk,Desk,Wood.,12,5,USD')));
    expect(dearer.stdout).toContain(`Every item has a vector of ${LOCAL_EMBEDDING_MODEL}.`);
    expect(await vector()).toBe(first);
    const other = await inventory('import', file(row('desk,Desk,Beach.,12,5,USD')));
    expect(other.stdout).toContain('1 items embedded');
    expect(await vector()).not.toBe(first);
  });

  test('that is as it was is not touched', async () => {
    await inventory('import', file(row('desk,Desk,Wood.,10,5,USD')));
    const before = await stored();
    const { stdout } = await inventory('import', file(row('desk,Desk,Wood.,10.00,5,USD')));
    expect(stdout).toContain('0 added, 0 updated, 1 as they were');
    expect(await stored()).toEqual(before);
  });
});

test('of several items of JSON on one line, each is named by its place', async () => {
  const item = (id: string, more: object = {}) => ({
    id,
    name: 'Desk',
    description: 'Wood.',
    price: 10,
    floor: 5,
    currency: 'USD',
    ...more,
  });
  const bad = [item('a'), item('b', { floor: 11 }), item('c', { price: -1, size: 2 }), item('a')];
  const { code, stderr } = await inventory('import', file(JSON.stringify(bad), 'items.json'));
  expect(code).toBe(1);
  expect(stderr.split('\n').slice(0, 4)).toEqual([
    'line 1, item 2, floor: is above the price, 10.00',
    'line 1, item 3, size: is no column of an item',
    'line 1, item 3, price: -1 is below 0',
    'line 1, item 4, id: a is on line 1 already',
  ]);

  const written = `${JSON.stringify(item('a'))}\n${JSON.stringify(item('b', { name: 'NULL' }))} ${JSON.stringify(item('c', { name: 'NULL' }))}`;
  const lines = `[${written.replace('\n', ',\n').replace('} {', '}, {')}]`;
  const kept = await inventory('import', file(lines, 'items.json'));
  expect(kept.stderr).toContain(
    'name has a word for nothing in 2 rows, the first on line 2, item 2, "NULL"; it was kept as it is.',
  );
});

test('the currency of an item cannot change: its haggles and deals are in it', async () => {
  await inventory('import', file(`${HEADER}\nlamp,Lamp,Light.,3,2,EUR\n`));
  const before = await stored();
  const path = file(`${HEADER}\ndesk,Desk,Wood.,10,5,USD\nlamp,Lamp,Light.,3,2,USD\n`);
  const { code, stderr } = await inventory('import', path);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^line 3, currency: lamp is sold in EUR, which cannot change/);
  expect(await stored()).toEqual(before);
});

test('ten mistakes are ten clear lines, and nothing is changed', async () => {
  await inventory('import', file(`${HEADER}\nkept,Desk,Wood.,10,5,USD\n`));
  const before = await stored();
  const path = file(`${HEADER},quantity,attributes
kept,New name,Fine.,10,5,USD,,
a desk,Desk,Wood.,10,5,USD,,
no_name,,Wood.,10,5,USD,,
thousands,Desk,Wood.,"1,234",5,USD,,
yen,Desk,Wood.,100.50,50,JPY,,

coin,Desk,Wood.,10,5,XXZ,,
above,Desk,"Wood,
of two lines.",10,10.01,USD,,
kept,Desk,,10,5,USD,,
some,Desk,Wood.,10,5,USD,several,
json,Desk,Wood.,10,5,USD,,city=Bali
cells,Desk,Wood.,10
fine,Desk,Wood.,10,5,USD,,
`);
  const { code, stdout, stderr } = await (await begin(['import', path])).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^line 3, id: must be 1 to 64 letters, digits or any of _ \. : -, not "/),
    'line 4, name: is empty',
    'line 5, price: "1,234" could be 1234 or 1.234; write it like 1234.50',
    'line 6, price: "100.50" has more than the 0 decimals of JPY; write it like 1234',
    'line 8, currency: "XXZ" is not an ISO 4217 currency such as USD',
    'line 9, floor: is above the price, 10.00',
    'line 11, id: kept is on line 2 already',
    'line 11, description: is empty',
    'line 12, quantity: must be a whole number from 0 to 1000000000, not "several"',
    'line 13, attributes: must be a JSON object of texts, numbers, true or false, or lists of these: ' +
      'it is a form, name=value; JSON looks like {"name": "value"}',
    'line 14, floor: is empty',
    'line 14, currency: is empty',
    `${path} has 12 mistakes; nothing was changed.`,
    '',
  ]);
  expect(await stored()).toEqual(before);
});

describe('a file', () => {
  const item = 'desk,Schöner Tisch,Wood.,"1.234,50",5,EUR';
  const expected = [{ id: 'desk', name: 'Schöner Tisch', base: 123_450 }];
  const rest = { description: 'Wood.', price: '1.234,50 €', floor: 5, currency: 'EUR' };

  test.each<[string, string | Buffer]>([
    ['with a byte order mark', `\uFEFF${HEADER}\n${item}\n`],
    ['of JSON in an array', JSON.stringify([{ id: 'desk', name: 'Schöner Tisch', ...rest }])],
    ['in UTF-16 with one', Buffer.from(`\uFEFF${HEADER}\n${item}\n`, 'utf16le')],
    ['with CRLF and without an end of line', `${HEADER}\r\n${item}`],
    ['with empty lines', `\n${HEADER}\n\n,,,,,\n${item}\n\n`],
    [
      'with spaces and capitals in the header',
      `ID, Name ,description,Price,floor,CURRENCY\n${item}`,
    ],
    [
      'with semicolons',
      `${HEADER}\n${item}\n`.replaceAll(',', ';').replace('1.234;50', '1.234,50'),
    ],
    ['with tabs', `${HEADER}\n${item}\n`.replaceAll(',', '\t').replace('1.234\t50', '1.234,50')],
    [
      'with its columns in another order',
      `currency,${HEADER.replace(',currency', '')}\nEUR,${item.slice(0, -4)}`,
    ],
  ])('%s is read', async (_what, content) => {
    expect(await inventory('import', file(content))).toMatchObject({ code: 0, stderr: '' });
    expect(await stored()).toMatchObject(expected);
  });

  test.each([
    [
      'of JSON Lines',
      '{"id":"desk","name":"Schöner Tisch","description":"Wood.","price":1234.5,"floor":"5","currency":"EUR","attributes":{"legs":4}}\n\n',
    ],
    [
      'of JSON Lines with a byte order mark',
      '\uFEFF{"id":"desk","name":"Schöner Tisch","description":"Wood.\u2028","price":"1234.50","floor":5,"currency":"EUR"}',
    ],
  ])('%s is read', async (_what, content) => {
    expect(await inventory('import', file(content, 'items.jsonl'))).toMatchObject({ code: 0 });
    expect(await stored()).toMatchObject(expected);
  });

  test('in another encoding is read by its name', async () => {
    const path = file(Buffer.from(`${HEADER}\n${item}\n`, 'latin1'));
    expect(await inventory('import', path, '--encoding', 'windows-1252')).toMatchObject({
      code: 0,
    });
    expect(await stored()).toMatchObject(expected);
  });

  test('in Cyrillic is told when it is read as an encoding of Western Europe', async () => {
    // These are the bytes of Палатка in windows-1251.
    const path = file(
      Buffer.from('id,name,description,price,floor,currency\nm1,Ïàëàòêà,x,9,6,EUR\n', 'latin1'),
    );
    expect(await inventory('import', path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('windows-1251 for Cyrillic'),
    });
    expect(await inventory('import', path, '--encoding', 'windows-1252')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/Cyrillic or Greek that was read as another encoding.*Ïàëàòêà/),
    });
  });

  test('in UTF-8 is never stored as another encoding, however late that shows', async () => {
    const lines = Array.from({ length: 3_000 }, (_, i) => `d${i},Desk,Wood.,10,5,USD\n`);
    const path = file(`${HEADER}\n${lines.join('')}${item}\n`);
    expect(await inventory('import', path, '--encoding', 'windows-1252')).toEqual({
      code: 1,
      stdout: '',
      stderr: `${path} is in UTF-8 and not in windows-1252: import it without --encoding; nothing was changed\n`,
    });
    expect(await stored()).toEqual([]);
  });

  test('with a quote that swallows a row stores none of it', async () => {
    const rows =
      'p1,Pipe,"Best pipe,89.90,60,USD\np2,Pipe two,Pipe of 6",80,50,USD\np3,Pipe,x,1,1,USD\n';
    const { code, stderr } = await inventory('import', file(`${HEADER},quantity\n${rows}`));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^line 2, description: has a quote that opens here, and line 3 /);
    expect(await stored()).toEqual([]);
  });

  test('that is refused on stdin is not waited for', async () => {
    const env = { ...process.env, DATABASE_URL: database.url };
    const child = spawn(process.execPath, [CLI, 'inventory', 'import', '-'], {
      env,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
    child.stdin.on('error', () => undefined);
    // The pipe stays open: whoever writes into it has more.
    child.stdin.write(Buffer.concat([Buffer.from('25504446', 'hex'), Buffer.alloc(100_000)]));
    expect((await once(child, 'close'))[0]).toBe(1);
    expect(stderr).toMatch(/^stdin is a PDF: export the items .*; nothing was changed\n$/);
  });

  test('on stdin is read', async () => {
    const env = { ...process.env, DATABASE_URL: database.url };
    const child = spawn(process.execPath, [CLI, 'inventory', 'import', '-'], {
      env,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.stdin.end(`${HEADER}\n${item}\n`);
    expect((await once(child, 'close'))[0]).toBe(0);
    expect(await stored()).toMatchObject(expected);
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['that is not there', '', /^no-such\.csv cannot be read: ENOENT/],
    ['with no line but the header', HEADER, /^$/],
    ['with nothing in it', '\n\n', /^line 1: there is nothing in it$/m],
    ['without a column', 'id,name\nx,y', /^line 1, description: is missing$/m],
    ['with a column it should not have', `${HEADER},colour\n`, /^line 1, colour: is none of id, /m],
    ['with a column twice', `${HEADER},id\n`, /^line 1, id: is there twice, in columns A and G$/m],
    [
      'with another word for on sale',
      `${HEADER},active\ndesk,Desk,Wood.,10,5,USD,yes`,
      /^line 2, active: must be true or false, not "yes"$/m,
    ],
    [
      'in Latin-1',
      Buffer.from(`${HEADER}\n${item}\n`, 'latin1'),
      /^\S+items\.csv has bytes on line 2 that are no UTF-8, .*; nothing was changed\n$/,
    ],
    [
      'that is a workbook',
      Buffer.from('504b0304786c2f', 'hex'),
      /^\S+items\.csv is an Excel workbook \(\.xlsx\): open it .*; nothing was changed\n$/,
    ],
    ['with NUL', `${HEADER}\ndesk,a\0b,Wood.,10,5,USD`, /^line 2, name: has .* U\+0000$/m],
    [
      'with an open quote',
      `${HEADER}\ndesk,"Desk,Wood.,10,5,USD\n`,
      /^line 2, name: has a quote that opens here and is never closed$/m,
    ],
    [
      'with a stray quote',
      `${HEADER}\ndesk,"De"sk,Wood.,10,5,USD\n`,
      /^line 2, name: has a quote that opens here and another one in the middle/m,
    ],
    [
      'with a line that never ends',
      `${HEADER}\ndesk,${'x'.repeat(200_000)},W,10,5,USD\n`,
      /^line 2, name: has more than 100000 characters$/m,
    ],
    ['of JSON that is none', '{"id":"desk"\n', /^line 1: is no JSON/m],
    [
      'of JSON in a fence',
      '```json\n[{"id":"desk"}]\n```\n',
      /^\S+items\.csv has a fence of Markdown .*; nothing was changed\n$/,
    ],
    [
      'of JSON with single quotes',
      `{'id':'desk'}`,
      /^line 1: is no JSON: it has single quotes; JSON has double ones, "$/m,
    ],
    [
      'of JSON with a number that would be rounded',
      '{"id":"desk","name":"Desk","description":"W","price":9007199254740993,"floor":1,"currency":"USD","attributes":{"n":0.1234567890123456789012}}',
      new RegExp(
        '^line 1, price: has 9007199254740993, which has too many digits; write it as text\n(.*\n)?' +
          'line 1, attributes: has 0\\.1234567890123456789012, which has too many digits; write it as text$',
        'm',
      ),
    ],
    ['of JSON with a key too many', '{"id":"desk","colour":1}', /^line 1, colour: is no column/m],
    [
      'with terms that cannot be',
      `${HEADER},rounds,margin,margin_amount,discount_cap,draft_above,tells_rounds\ndesk,Desk,Wood.,10,5,USD,0,20%,"1,234",2,all,yes`,
      new RegExp(
        '^line 2, rounds: must be a whole number from 1 to 100, not 0\n' +
          'line 2, margin: must be a number from 0 to 1, not "20%"\n' +
          'line 2, discount_cap: must be a number from 0 to 1, not 2\n' +
          'line 2, tells_rounds: must be true or false, not "yes"\n' +
          'line 2, margin_amount: "1,234" could be 1234 or 1\\.234.*\n' +
          'line 2, draft_above: "all" is not an amount',
      ),
    ],
    [
      'with an ending that its currency does not have',
      `${HEADER},price_ending\ndesk,Desk,Wood.,10,5,JPY,.99\nlamp,Lamp,Wood.,10,5,USD,.95`,
      new RegExp(
        '^line 2, price_ending: .99 means nothing in JPY, which has no decimals\n' +
          'line 3, price_ending: must be one of any, .99, .00, 5, not ".95"',
      ),
    ],
    ['of JSON that lacks most', '{"id":"desk"}', /^line 1, currency: is missing$/m],
    [
      'of JSON with other things',
      '{"id":1,"name":[],"description":{},"price":true,"floor":null,"currency":0}',
      /^line 1, id: must be text$/m,
    ],
    [
      'of JSON with half a character',
      '{"id":"desk","name":"\\ud800","description":"W","price":1,"floor":1,"currency":"USD"}',
      /^line 1, name: has half a character$/m,
    ],
  ])('%s is refused, in words', async (what, content, words) => {
    const path = what === 'that is not there' ? 'no-such.csv' : file(content);
    const { code, stderr } = await inventory('import', path);
    expect(stderr).toMatch(words);
    expect(code).toBe(stderr === '' ? 0 : 1);
    expect(stderr).not.toMatch(/\n {2,}at |node:/);
    expect(await stored()).toEqual([]);
  });

  test('with what an export left behind is imported, and that is said', async () => {
    const rows = [
      'desk,Desk_x000D_,"One_x000D_\ntwo_x000d_three",10,5,USD,',
      'lamp,Salt &amp; CafÃ©,NULL,10,5,USD,',
      'sofa,Sofa,<p>Soft</p>,10,5,USD,"{""a"":""NaN""}"',
      'bed,Bed,<b>Wide</b>,10,5,USD,',
    ];
    const path = file(`${HEADER},attributes\n${rows.join('\n')}\n`);
    const { code, stdout, stderr } = await inventory('import', path);
    expect([code, stdout]).toEqual([0, expect.stringContaining('4 added, 0 updated')]);
    expect(stderr.replaceAll(`${path}: `, '').trimEnd().split('\n')).toEqual([
      'name has text that was encoded twice on line 4, "Ã©"; it was kept as it is.',
      'name has HTML on line 4, "&amp;"; it was kept as it is.',
      'description has a word for nothing on line 4, "NULL"; it was kept as it is.',
      'description has HTML in 2 rows, the first on line 5, "<p>"; it was kept as it is.',
      'attributes has a word for nothing on line 5, "NaN"; it was kept as it is.',
    ]);
    expect(await stored()).toMatchObject([
      { id: 'bed' },
      { id: 'desk', name: 'Desk', description: 'One\ntwo\nthree' },
      { id: 'lamp', name: 'Salt &amp; CafÃ©', description: 'NULL' },
      { id: 'sofa', attributes: { a: 'NaN' } },
    ]);
  });

  test('that is wrong all over is told of in its first hundred lines', async () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => `d${i},Desk,Wood.,free,5,USD`);
    const { stderr } = await inventory('import', file([HEADER, ...lines].join('\n')));
    expect(stderr.split('\n')).toHaveLength(103);
    expect(stderr).toContain('… and 4900 more\n');
    expect(stderr).toContain('has 5000 mistakes; nothing was changed.');
  });
});

test.each(['csv', 'jsonl'])('export then import is the identity (%s)', async (format) => {
  const lines = [
    `desk,"=Walnut, ""the"" desk","Two\nlines\r\n and a tab\t.",1249.50,900.05,USD,3,"{""wood"":[""walnut"",""öak""],""legs"":4,""new"":true}",en,true,8,0.1,0.001,1,0.2,10.05,0.4,.99,200.50,0,5000,true`,
    `lamp, spaces ,'quotes',68000,1,JPY,,,und,false,,,,,,,,5,,,,`,
    `oil,油,火,0.001,0.001,KWD,0,,tr,true,1,10,0.5,0.1,0,0,1,.00,0,0.001,,false`,
    `-a,'=1+1,''@x,"1,234.50 €",1,EUR,"1,000,000",,,,,"1,125",".5",,"0,25","1.234,50 €",,ANY,€ 5,,,TRUE`,
    `-b,'+49 30,''''-5 °C,1,1,EUR,,,,,,,,,,,,,,,,`,
    `-c,＝A1,'tis a desk,1,1,EUR,,,,,,,,,,,,,,,,`,
  ];
  const header = `${HEADER},quantity,attributes,language,active,rounds,beta,bucket_ratio,opening_ratio,margin,margin_amount,discount_cap,price_ending,daily_concession,draft_above,high_value,tells_rounds`;
  expect(await inventory('import', file([header, ...lines].join('\n')))).toMatchObject({ code: 0 });
  const before = await stored();
  expect(before.map(({ name, description }) => [name, description])).toEqual([
    ['=1+1', "'@x"],
    ['+49 30', "'''-5 °C"],
    ['＝A1', "'tis a desk"],
    ['=Walnut, "the" desk', 'Two\nlines\n and a tab\t.'],
    ['spaces', "'quotes'"],
    ['油', '火'],
  ]);
  const path = join(folder, `out.${format}`);
  await inventory('export', path);
  const again = await inventory('import', path);
  expect(again.stdout).toContain('0 added, 0 updated, 6 as they were');
  expect(await stored()).toEqual(before);
  await database.query('delete from inventory_items');
  await inventory('import', path);
  const updated_at = expect.any(Date);
  expect(await stored()).toEqual(before.map((item) => ({ ...item, updated_at })));
  // Without a file it is a CSV on stdout.
  const { stdout } = await (await begin(['export'])).ended;
  await inventory('export', join(folder, 'again.csv'));
  expect(`\ufeff${stdout}`).toBe(readFileSync(join(folder, 'again.csv'), 'utf8'));
  const cells = parse(stdout).flat();
  expect(cells).toEqual(expect.arrayContaining(["'-a", "'=1+1", "''@x", "''''-5 °C", "'＝A1"]));
  expect(cells.filter((cell) => /^\s*[=+\-@＝]/.test(cell))).toEqual([]);
});

describe('the other commands', () => {
  test('list, show and take off sale', async () => {
    await inventory(
      'import',
      file(`${HEADER}\ndesk,Desk,Wood.,10,5,USD\nlamp,Lamp,Light.,3,2,EUR\n`),
    );
    expect((await inventory('list')).stdout).toMatch(
      /^desk +10\.00 USD {2}Desk\nlamp +3\.00 EUR {2}Lamp\n$/,
    );
    expect((await inventory('deactivate', 'desk', 'lamp')).stdout).toBe(
      'desk: not on sale\nlamp: not on sale\n',
    );
    expect((await inventory('list')).stdout).toMatch(/Desk {2}\(not on sale\)\n/);
    await inventory('activate', 'desk');
    expect((await inventory('show', 'desk')).stdout).toMatch(
      /^Desk \(desk\)\n {2}price +10\.00 USD\n {2}floor +5\.00 USD, which no buyer learns\n/,
    );
    expect((await stored()).map(({ active }) => active)).toEqual([true, false]);
  });

  test.each([
    ['list'],
    ['show', 'desk'],
    ['export'],
    ['quantity', 'desk', '3'],
    ['deactivate', 'desk'],
    ['policy', 'desk'],
    ['import', file(`${HEADER}\noak,Desk,Wood.,10,5,USD\n`, 'oak.csv')],
    ['reindex'],
    ['--help'],
  ])('%s ends quietly when nobody reads what it says', async (...args) => {
    await inventory('import', file(`${HEADER}\ndesk,Desk,Wood.,10,5,USD\n`));
    const { child, ended } = await begin(args);
    child.stdout.destroy();
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
    const [first] = await stored();
    expect(first).toMatchObject({ id: 'desk', model: LOCAL_EMBEDDING_MODEL });
    expect([first.quantity, first.active]).toEqual([
      args[0] === 'quantity' ? 3 : null,
      args[0] !== 'deactivate',
    ]);
    expect(await stored()).toHaveLength(args[0] === 'import' ? 2 : 1);
  });

  test('change nothing when one of the items is unknown', async () => {
    await inventory('import', file(`${HEADER}\ndesk,Desk,Wood.,10,5,USD\n`));
    const failed = await inventory('deactivate', 'desk', 'no-such');
    expect(failed).toEqual({ code: 1, stdout: '', stderr: 'there is no item no-such\n' });
    expect(await stored()).toMatchObject([{ active: true }]);
  });

  test('reindex gives vectors to what has none of this model', async () => {
    await inventory(
      'import',
      file(`${HEADER}\ndesk,Desk,Wood.,10,5,USD\nlamp,Lamp,Light.,3,2,EUR\n`),
    );
    await database.query(`update item_vectors set model = 'other'`);
    const refused = await inventory('reindex');
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^this replaces 2 vectors of another model by those of aura-local-.*; nothing was changed\.\nTo do so: inventory reindex --yes\n$/s,
    );
    expect((await stored())[0]).toMatchObject({ id: 'desk', model: 'other' });
    expect((await inventory('reindex', '--yes')).stdout).toMatch(
      /^2 items embedded by aura-local-/,
    );
    await database.query(`delete from item_vectors where model = 'other'`);
    expect((await inventory('reindex')).stdout).toMatch(/^Every item has a vector of aura-local-/);
    expect((await stored()).map(({ model }) => model)).toEqual([
      LOCAL_EMBEDDING_MODEL,
      LOCAL_EMBEDDING_MODEL,
    ]);
  });

  test.each([
    [['import'], /^usage: inventory import .*<FILE>$/m],
    [['import', 'a', 'b'], /^usage: inventory import .*<FILE>$/m],
    [['import', tmpdir()], /cannot be read: EISDIR/],
    [['import', 'https://shop.example/a.csv'], /^https:.* is a URL and no file; download it first/],
    [['export', 'file:///tmp/a.csv'], /^file:.* is a URL and no file; .* path of the file alone/],
    [['export', 'a', 'b'], /^usage: inventory export .*\[FILE\]$/m],
    [['export', '/no/such/folder/x.csv'], /^\/no\/such\/folder\/x\.csv cannot be written: ENOENT/],
    [['show'], /^usage: inventory show .*<ITEM>$/m],
    [['show', 'no-such'], /^there is no item no-such$/m],
    [['list', 'x'], /^usage: inventory list/m],
    [['activate'], /^usage: inventory activate .*<ITEM\.\.\.>$/m],
    [['reindex', 'x'], /^usage: inventory reindex/m],
    [['polish'], /^unknown command 'polish'$/m],
    [['toString'], /^unknown command 'toString'$/m],
  ])('%j: what is wrong is said', async (args, words) => {
    const { code, stderr } = await inventory(...args);
    expect(stderr).toMatch(words);
    expect(code).toBe(1);
  });
});

describe.runIf(nativeUrl)('at the same time', () => {
  test('what the seller changes meanwhile stays', async () => {
    const rows = `${HEADER}\ndesk,Desk,Wood.,10,5,USD\n`;
    await inventory('import', file(rows));
    const seller = new Client({ connectionString: database.url });
    await seller.connect();
    onTestFinished(() => seller.end());
    await seller.query(`begin; update inventory_items set active = false, quantity = 3`);
    const { ended } = await begin(['import', file(rows.replace('Wood.', 'Oak.'))]);
    await expect
      .poll(() => database.query(`select from pg_locks where not granted`), { timeout: 30_000 })
      .toHaveLength(1);
    await seller.query('commit');
    expect((await ended).stdout).toContain('1 updated');
    expect(await stored()).toMatchObject([{ description: 'Oak.', active: false, quantity: 3 }]);
  });

  test('a new item in another currency is not overwritten', async () => {
    const seller = new Client({ connectionString: database.url });
    await seller.connect();
    onTestFinished(() => seller.end());
    await seller.query(`begin; insert into inventory_items
      (id, name, description, base_price_minor, floor_price_minor, currency)
      values ('desk', 'Desk', 'Wood.', 1000, 500, 'EUR')`);
    const { ended } = await begin(['import', file(`${HEADER}\ndesk,Desk,Wood.,10,5,USD\n`)]);
    await expect
      .poll(() => database.query(`select from pg_locks where not granted`), { timeout: 30_000 })
      .toHaveLength(1);
    await seller.query('commit');
    expect(await ended).toMatchObject({
      code: 1,
      stderr: 'others added the same items meanwhile; nothing was changed, try again\n',
    });
    expect(await stored()).toMatchObject([{ currency: 'EUR' }]);
  });

  test('two imports of the same items in other orders both end', async () => {
    const lines = (price: number) =>
      Array.from({ length: 800 }, (_, i) => `d${i},Desk,Wood.,${price},5,USD`);
    const one = file([HEADER, ...lines(20)].join('\n'), 'one.csv');
    const other = file([HEADER, ...lines(30).toReversed()].join('\n'), 'other.csv');
    await inventory('import', one);
    const ended = await Promise.all(
      Array.from(
        { length: 6 },
        async (_, i) => (await begin(['import', i % 2 ? one : other])).ended,
      ),
    );
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(ended.map(() => [0, '']));
    const prices = new Set((await stored()).map(({ base }) => base));
    expect(prices.size).toBe(1);
  });
});

test('a text that the vendor refuses is named, and the others are embedded', async () => {
  const { db } = createDatabase();
  const refusing = traced('test', {
    model: 'some-model',
    embed: (texts) =>
      texts.some((each) => each.includes('bad'))
        ? Promise.reject(Object.assign(new Error('refused'), { statusCode: 400 }))
        : Promise.resolve(texts.map(() => Array.from({ length: 1_024 }, (_, i) => i))),
  });
  const lines = Array.from(
    { length: 70 },
    (_, i) => `d${i},Desk,${i === 5 ? 'bad' : 'good'},10,5,USD`,
  );
  await inventory('import', file([HEADER, ...lines].join('\n')));
  // What JavaScript cannot hold stops nothing either.
  await database.query(
    `update inventory_items set attributes = '{"n":12345678901234567890}' where id = 'd6'`,
  );
  const { count, refused } = await embedItems(db, refusing);
  expect([count, [...refused.keys()]]).toEqual([69, ['d5']]);
});

describe('by a vendor', () => {
  const lines = Array.from({ length: 100 }, (_, i) => `desk-${i},Desk ${i},Wood.,10,5,USD`);
  const content = [HEADER, ...lines].join('\n');
  const embedded = async () => (await stored()).filter(({ model }) => model !== null).length;

  async function startVendor(fault: string) {
    const vendor = createOfflineMistral({ delayMs: 0 });
    onTestFinished(() => vendor.close());
    const url = await vendor.listen({ host: '127.0.0.1', port: 0 });
    const setFault = (next: string) =>
      vendor.inject({ method: 'PUT', url: '/__fault', payload: { fault: next } });
    await setFault(fault);
    const calls = async () => (await vendor.inject('/__requests')).json().requests;
    return { env: { MISTRAL_API_KEY: 'some-key', MISTRAL_SERVER_URL: url }, setFault, calls };
  }

  test('that is interrupted: the items are there, and reindex goes on', async () => {
    const { env, setFault, calls } = await startVendor('hanging');
    const { child, ended } = await begin(['import', file(content)], env);
    await expect.poll(calls, { timeout: 30_000 }).toHaveLength(1);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/100 added, 0 updated, 0 as they were\.\n$/),
      stderr: expect.stringMatching(/^stopped; .*\nTo go on from there: inventory reindex\n$/),
    });
    expect(await embedded()).toBe(0);
    await setFault('none');
    const again = await inventoryBy(env, 'reindex');
    expect(again.stdout).toMatch(/^100 items embedded by mistral-embed in /);
    expect(await embedded()).toBe(100);
  });

  test('that wants to be left alone for long is waited for, and it is said', async () => {
    const busy = createServer((_request, response) => {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '120' });
      response.end('{}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void busy.close());
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    const env = { MISTRAL_API_KEY: 'some-key', MISTRAL_SERVER_URL: `http://127.0.0.1:${port}` };
    const { child, ended } = await begin(['import', file(content)], env);
    const [said] = await once(child.stderr, 'data');
    expect(said).toMatch(
      /^the embedder asks to wait until \d\d:\d\d:\d\d \(429\); .*Ctrl-C loses nothing: .*\n$/,
    );
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('stopped; ') });
  });

  test('that is not to be had here: its vectors stay, and new items are left to a core', async () => {
    const { env } = await startVendor('none');
    await inventoryBy(env, 'import', file(content));
    const vectors = () =>
      database.query(`select item_id, md5(embedding::text) vector from item_vectors
        where item_id <> 'new' and item_id <> 'desk-1' order by 1`);
    const before = await vectors();
    const more = `${HEADER}\nnew,New,Wood.,10,5,USD\ndesk-1,Desk 1,Steel.,10,5,USD\n`;
    expect(await inventory('import', file(more))).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /1 added, 1 updated, .*\n2 items have no vector yet: the inventory is embedded by mistral-embed, and here is only aura-local-[-\da-f]+\.\n/,
      ),
      stderr: '',
    });
    expect(await vectors()).toEqual(before);
    expect((await stored()).filter(({ model }) => model !== 'mistral-embed')).toMatchObject([
      { id: 'desk-1', model: null },
      { id: 'new', model: null },
    ]);
    // Whoever has the key makes them, and only them.
    const again = await inventoryBy(env, 'reindex');
    expect(again.stdout).toMatch(/^2 items embedded by mistral-embed in /);
  });

  test('leaves an inventory to the local embedder that has it', async () => {
    const { env, calls } = await startVendor('none');
    await inventory('import', file(content));
    const more = `${HEADER}\nnew,New,Wood.,10,5,USD\n`;
    const { stdout } = await inventoryBy(env, 'import', file(more));
    expect(stdout).toMatch(/\n1 items embedded by aura-local-/);
    expect(await calls()).toEqual([]);
    expect(new Set((await stored()).map(({ model }) => model))).toEqual(
      new Set([LOCAL_EMBEDDING_MODEL]),
    );
  });

  test('that refuses the key: the items are there, and it is said', async () => {
    const { env } = await startVendor('401');
    const { code, stderr } = await inventoryBy(env, 'import', file(content));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^the embedder failed: .*401/);
    expect(stderr).not.toContain('some-key');
    expect(await stored()).toHaveLength(100);
  });
});

test('a database that keeps no vector is named, in one line without a statement', async () => {
  await database.query(
    'alter table item_vectors add constraint none_today check (false) not valid',
  );
  onTestFinished(() =>
    database.query('alter table item_vectors drop constraint none_today').then(() => undefined),
  );
  const { code, stdout, stderr } = await inventory(
    'import',
    file(`${HEADER}\ndesk,Desk,Wood.,10,5,USD\n`),
  );
  expect([code, stdout]).toEqual([1, expect.stringMatching(/1 added/)]);
  expect(stderr).toMatch(
    /^the database could not keep the vectors: new row .* violates check constraint "none_today"; what .*\nTo go on from there: inventory reindex\n$/,
  );
  expect(stderr).not.toMatch(/embedder|insert into|params/i);
});

test('the index of the vectors is made again and again, by reindex too', async () => {
  // As large as this the embedded database would have workers build it, which it has not.
  await database.query('alter table item_vectors set (parallel_workers = 2)');
  onTestFinished(() =>
    database.query('alter table item_vectors reset (parallel_workers)').then(() => undefined),
  );
  await inventory('import', file(`${HEADER}\ndesk,Desk,Wood.,10,5,USD\n`));
  const found = `select indexname from pg_indexes where indexname = 'item_vectors_embedding_idx'`;
  for (let i = 0; i < 2; i++) {
    await database.query('drop index item_vectors_embedding_idx');
    expect(await inventory('reindex')).toMatchObject({ code: 0, stderr: '' });
    expect(await database.query(found)).toHaveLength(1);
  }
});

test('an import that is killed in its middle leaves nothing', async () => {
  const env = { ...process.env, DATABASE_URL: database.url };
  const child = spawn(process.execPath, [CLI, 'inventory', 'import', '-'], {
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const lines = Array.from({ length: 1_200 }, (_, i) => `desk-${i},Desk ${i},Wood.,10,5,USD\n`);
  child.stdin.write(`${HEADER}\n${lines.join('')}`);
  // Two batches wait in their table.
  const staged = () => database.query('select line from import_rows');
  await expect.poll(staged, { timeout: 30_000 }).toHaveLength(1_000);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(await stored()).toEqual([]);
  // What it left there is no other import's, and goes after a day.
  expect((await inventory('import', file(`${HEADER}\n${lines[0]}`))).code).toBe(0);
  expect(await stored()).toHaveLength(1);
  const { db } = createDatabase();
  expect(await sweepStages(db)).toBe(0);
  await database.query(`update import_rows set staged_at = now() - interval '25 hours'`);
  expect(await sweepStages(db)).toBe(1_000);
  expect(await staged()).toEqual([]);
});
