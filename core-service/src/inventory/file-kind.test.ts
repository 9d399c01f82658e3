/** Files of other kinds and in other encodings than were meant, told in one line. */
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { HEADER, read, ROW, TENT } from '../../test/read-content.ts';

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
