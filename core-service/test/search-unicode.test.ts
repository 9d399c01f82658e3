/** However people write it: letters that look the same, codes, scripts without spaces, signs alone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/db/client.ts';
import { embedItems } from '../src/inventory/embed-items.ts';
import { importItems } from '../src/inventory/import-items.ts';
import { readSeed, seedInventory } from '../src/inventory/seed.ts';
import { createLocalEmbedder } from '../src/llm/embedder.ts';
import { createLogger } from '../src/logger.ts';
import { findItems } from '../src/search/repository.ts';
import { searchWords } from '../src/text/search-words.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { startCore, startDatabase } from './core-harness.ts';

const embedder = createLocalEmbedder();
const ITEMS: readonly (readonly [string, string, string?, Record<string, unknown>?, string?])[] = [
  ['nfd', 'Zu\u0308rcher Ga\u0308stehaus', 'Ruhig.', { city: 'Zu\u0308rich' }, 'de'],
  ['nfc', 'Züricher Seehotel', 'Am See.', { city: 'Zürich' }, 'de'],
  ['tokyo', '東京駅前ホテル', '東京駅から徒歩三分の静かな宿。', { city: '東京' }],
  ['kyoto', '京都町家旅館', '京都の古い町家に泊まる。', { city: '京都' }],
  ['seoul', '서울게스트하우스', '명동에서 가까운 숙소입니다.', { city: '서울'.normalize('NFD') }],
  ['beijing', '北京王府井大酒店', '位于北京市中心。', { city: '北京' }],
  ['bangkok', 'โรงแรมกรุงเทพริมน้ำ', 'โรงแรมริมแม่น้ำเจ้าพระยา', { city: 'กรุงเทพ' }],
  ['istanbul', 'İstanbul Işık Oteli', 'Küçük otel.', { city: 'İstanbul' }, 'tr'],
  ['wide', 'Ｏｃｅａｎ　Ｖｉｅｗ', 'Plain.', { ｖｉｅｗ: 'Ｏｃｅａｎ' }],
  ['halfkana', 'ﾘｿﾞｰﾄ', 'Plain.'],
  ['street', 'Große Straße', 'Ruhig.', { street: 'Große Straße' }, 'de'],
  ['greek', 'Οδός Ερμής', 'Ήσυχο.', { street: 'Ερμής', πόλη: 'Αθήνα', μήνας: 'Μάιος' }],
  ['moscow', 'МОСКВА Палас', 'Тихо.', { city: 'МОСКВА' }, 'ru'],
  ['rock', 'AC/DC R&B Lounge', "C++ & :* rooms 'quoted' \\ back.", { tag: 'R&B' }],
  ['emoji', '🏖️ Beach 🏝️', 'Sun 👨‍👩‍👧‍👦 family.'],
  ['ladder', 'Ladder WD-40/400ml', 'Item no. 0815-4711.', { sku: '0815-4711', tags: ['WD-40', 7] }],
  ['spray', 'Lubricant WD40', 'Plain.'],
  ['minus', 'Freezer QX\u221277', 'Plain.', { model: 'QX\u221277', range: '5\u201310 m' }],
  [
    'pub',
    'O\u2019Malley\u2019s',
    'Plain.',
    { owner: 'Pat\u00A0 O\u2019Malley', said: '\u201Cyes\u201D' },
  ],
  ['typed', 'Typed', 'Plain.', { four: 4, part: 123, on: true, levels: [1.5, -2, false] }],
  ['texts', 'Texts', 'Plain.', { four: '4', part: '00123', on: 'True', levels: ['1.5', 'NaN'] }],
  ['dock', 'USB-C dock', 'Plain.'],
  ['cable', 'Cable USBC', 'Plain.'],
  ['plug', 'USB C plug', 'Plain.'],
  // The Persian kaf and yeh and digits; a stretched word, vowels and digits of Arabic.
  [
    'persian',
    'کیف چرمی',
    'ساده.',
    { رنگ: 'مشکی', size: '۱۰×۲۰ cm', kind: 'جَمـــيل', pockets: '٤٢', shelf: 7 },
  ],
  ...['C', 'C#', 'C++', 'F#', 'net', '.NET', 'asp', 'R B', 'R&B'].map(
    (name) =>
      [
        `kurs_${name.replaceAll(/\W/g, (sign) => `${sign.charCodeAt(0)}`)}`,
        `${name} Kurs`,
        'Plain.',
      ] as const,
  ),
  [
    'marked',
    'Feuer\u00ADzangen\u00ADbowle Set',
    'Mit Zu\u200Bcker\u2060hut.',
    { 'spa\u200E': 'sau\u00ADna\u200E', colour: ['\u202Ablue\u202C', 'na\u2060vy\u200F'] },
    'de',
  ],
  ['brand', 'Glimmerfjord™ cabin', 'Soft\u00ADhyphen\u200Bated.'],
  ['canggu', 'Kayu', 'Kayu.', { place: 'Bali, Canggu', motto: 'R&amp;B &#38; soul' }],
];

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  // Before core looks after the same database: the embedded one has one connection for all.
  const logger = createLogger({ level: 'silent', service: 'test' });
  const stage = openDatabase({ url: database.url, poolSize: 1, bulk: true }, logger);
  const { db } = stage;
  await seedInventory(db, embedder, await readSeed());
  const lines = (async function* () {
    let line = 0;
    for (const [id, name, description = '', attributes = {}, language = 'und'] of ITEMS) {
      const raw = { id, name, description, attributes, language };
      yield { line: ++line, raw: { ...raw, price: '100', floor: '80', currency: 'EUR' } };
    }
  })();
  await importItems(db, lines);
  await embedItems(db, embedder);
  await stage.close();
  core = await startCore(database);
});
afterAll(async () => {
  await core.close();
  await database.close();
});

async function find(query: string, attributes: object[] = []): Promise<string[]> {
  const { results } = await core.search({ query, limit: 50, attributes });
  return results.map(({ itemId }) => itemId);
}

/** As when the embedder fails. */
async function findByWords(text: string): Promise<string[]> {
  const { model } = embedder;
  const query = { text, vector: undefined, model, filters: {}, minSimilarity: 0, limit: 50 };
  return (await findItems(core.ctx.db, query)).map(({ id }) => id);
}

describe('by words alone', () => {
  test.each([
    ['Zürcher', ['nfd']],
    ['Zu\u0308rcher', ['nfd']],
    ['ZÜRICHER', ['nfc']],
    ['ocean view', ['wide']],
    ['ＯＣＥＡＮ　ＶＩＥＷ', ['wide']],
    ['リゾート', ['halfkana']],
    ['GROSSE STRASSE', ['street']],
    ['große straße', ['street']],
    ['ΟΔΟΣ ΕΡΜΗΣ', ['greek']],
    ['οδος ερμης', ['greek']],
    ['москва', ['moscow']],
    ['Москва', ['moscow']],
    ['ISTANBUL', ['istanbul']],
    ['istanbul ışık', ['istanbul']],
    ['İstanbul'.toLowerCase(), ['istanbul']],
    ['WD40', ['ladder', 'spray']],
    ['WD-40', ['ladder', 'spray']],
    ['wd 40', ['ladder', 'spray']],
    ['usb c', ['cable', 'dock', 'plug']],
    ['USB-C', ['cable', 'dock', 'plug']],
    ['usbc', ['cable', 'dock', 'plug']],
    ['ＵＳＢ－Ｃ', ['cable', 'dock', 'plug']],
    ['0815-4711', ['ladder']],
    ['08154711', ['ladder']],
    ['0815 4711', ['ladder']],
    ['400 ml', ['ladder']],
    ['QX77', ['minus']],
    ['QX\u221277', ['minus']],
    ['qx\u201477', ['minus']],
    ["o'malley's", ['pub']],
    ['O\u02BCMalley', ['pub']],
    ['AC/DC', ['rock']],
    ['acdc', ['rock']],
    ['東京', ['tokyo']],
    ['東京駅', ['tokyo']],
    ['ホテル', ['tokyo']],
    ['旅館', ['kyoto']],
    ['서울', ['seoul']],
    ['게스트', ['seoul']],
    ['서울'.normalize('NFD'), ['seoul']],
    ['王府井', ['beijing']],
    ['北京大酒店', ['beijing']],
    ['กรุงเทพ', ['bangkok']],
    ['glimmerfjord', ['brand']],
    ['كيف', ['persian']],
    ['كيف چرمى', ['persian']],
    ['42', ['persian']],
    ['10x20', ['persian']],
    ['C++', ['kurs_C4343']],
    ['c++ Kurs', ['kurs_C4343']],
    ['Ｃ＋＋', ['kurs_C4343']],
    ['C#', ['kurs_C35']],
    ['csharp', ['kurs_C35']],
    ['f#', ['kurs_F35']],
    ['.NET', ['kurs_46NET']],
    ['dotnet', ['kurs_46NET']],
    ['R&B', ['kurs_R38B', 'rock']],
    ['r & b', ['kurs_R38B', 'rock']],
    ['softhyphenated', ['brand']],
  ])('%j finds %j before all others', async (query, ids) => {
    const found = await findByWords(query);
    expect(found.slice(0, ids.length).toSorted()).toEqual(ids);
  });

  test('a part that shares nothing with a name does not find it', async () => {
    expect(await findByWords('北京')).toEqual(['beijing']);
    expect(await findByWords('大阪')).toEqual([]);
    expect(await findByWords('旅')).toEqual(['kyoto']);
    expect(await findByWords('東京 -')).toEqual(['tokyo']);
  });

  test('what a query of an unspaced script negates comes last', async () => {
    const found = await findByWords('hotel in 東京 without 駅');
    expect(found).not.toHaveLength(0);
    expect(found.at(-1)).toBe('tokyo');
  });
});

describe('by meaning and words', () => {
  test.each([
    ['C++', 'kurs_C4343'],
    ['C#', 'kurs_C35'],
    ['a course in C++', 'kurs_C4343'],
    ['F#', 'kurs_F35'],
    ['.NET', 'kurs_46NET'],
    ['R&B', 'rock'],
    ['Feuer\u00ADzangen\u00ADbowle', 'marked'],
    ['Zuckerhut', 'marked'],
  ])('%j finds %s first', async (query, id) => expect((await find(query))[0]).toBe(id));
});

test('an item is kept with each word in one piece', async () => {
  const [item] = await database.query(
    `select name, description, attributes from inventory_items where id = 'marked'`,
  );
  expect(item).toEqual({
    name: 'Feuerzangenbowle Set',
    description: 'Mit Zuckerhut.',
    attributes: { spa: 'sauna', colour: ['blue', 'navy'] },
  });
});

describe('what is not wanted is the word with its signs, and nothing else', () => {
  const ofKurs = async (query: string) =>
    (await findByWords(query)).filter((id) => id.startsWith('kurs_'));

  test.each([
    ['Kurs, not C++', 'kurs_C4343', ['kurs_C', 'kurs_C35']],
    ['Kurs ohne C#', 'kurs_C35', ['kurs_C', 'kurs_C4343']],
    ['Kurs not .NET', 'kurs_46NET', ['kurs_net']],
    ['Kurs without R&B', 'kurs_R38B', ['kurs_R32B']],
    ['Kurs, not C++ but F#', 'kurs_C4343', ['kurs_C', 'kurs_C35']],
  ])('%j puts %s back, and not %j', async (query, last, others) => {
    const found = await ofKurs(query);
    expect(found.at(-1)).toBe(last);
    // Items that are alike come in the order of their ids, and R&B, which nobody negates, behind F#.
    const end = found.indexOf(last === 'kurs_46NET' ? last : 'kurs_R38B');
    expect(found.slice(0, end)).toEqual(expect.arrayContaining(others));
  });

  test('a NOT in capitals is one too', async () => {
    const found = (await find('Kurs NOT C++')).filter((id) => id.startsWith('kurs_C'));
    expect(found.at(-1)).toBe('kurs_C4343');
  });

  test('a word that is affirmed behind it is wanted', async () => {
    expect((await ofKurs('Kurs, not C++ but F#'))[0]).toBe('kurs_F35');
  });

  test('a code is not wanted as a whole: what has a part of it stays', async () => {
    const found = await findByWords('item 0815, not WD-40');
    expect(found.at(-1)).toBe('ladder');
    const [first] = await findByWords('Plain 42, not QX-42');
    expect(first).toBe('persian');
  });
});

describe('a query that something was done to on its way finds what was meant', () => {
  test.each([
    ['Ｃ＋＋ Kurs', 'kurs_C4343'],
    ['G l i m m e r f j o r d', 'brand'],
    ['ZÃ¼rcher', 'nfd'],
    ['МОСКВА', 'moscow'],
    ['Z%C3%BCrcher%20G%C3%A4stehaus', 'nfd'],
    ['Z\\u00fcrcher', 'nfd'],
    ['R&amp;B Lounge', 'rock'],
    ['<b>Glimmerfjord</b>', 'brand'],
    ['Glimmer\u200Efjord', 'brand'],
  ])('%j finds %s first', async (query, id) => expect((await find(query))[0]).toBe(id));
});

describe('a query without a word finds nothing, and never just any item', () => {
  test.each(['🏖️', '&', '…', '1️⃣', '🇩🇪', 'ℹ️', '"', '%', '\\', '(((', '！？', '♥'])(
    '%j',
    async (query) => {
      for (const id of await find(query)) expect(['emoji', 'rock']).toContain(id);
    },
  );

  test('nor do words that say nothing', async () => {
    expect(await find('the')).toEqual([]);
  });
});

describe('filters', () => {
  const by = (name: string, stringValue: string) =>
    find('hotel', [{ name, stringValue }]).then((ids) => ids.toSorted());

  test.each([
    ['city', 'Zürich', ['nfc', 'nfd']],
    ['city', 'Zu\u0308rich', ['nfc', 'nfd']],
    ['city', 'ZÜRICH', ['nfc', 'nfd']],
    ['City', ' zürich', ['nfc', 'nfd']],
    ['view', 'ocean', ['wide']],
    ['ｖｉｅｗ', 'Ｏｃｅａｎ', ['wide']],
    ['city', 'ISTANBUL', ['istanbul']],
    ['city', 'istanbul', ['istanbul']],
    ['city', 'İSTANBUL', ['istanbul']],
    ['city', 'москва', ['moscow']],
    ['city', '서울', ['seoul']],
    ['street', 'GROSSE STRASSE', ['street']],
    ['street', 'ΕΡΜΉΣ', ['greek']],
    ['street', 'ΕΡΜΗΣ', ['greek']],
    ['πόλη', 'ΑΘΗΝΑ', ['greek']],
    ['ΠΟΛΗ', 'αθηνα', ['greek']],
    ['ΜΗΝΑΣ', 'ΜΑΪΟΣ', ['greek']],
    ['μήνας', 'μαϊος'.normalize('NFD'), ['greek']],
    ['model', 'qx-77', ['minus']],
    ['model', 'QX\u201177', ['minus']],
    ['range', '5-10 m', ['minus']],
    ['range', '5\u201410\u00A0m', ['minus']],
    ['owner', "pat o'malley", ['pub']],
    ['owner', 'Pat   O\u02BCMalley', ['pub']],
    ['owner', 'Pat\tO\u2018Malley', ['pub']],
    ['said', '"Yes"', ['pub']],
    ['model', '"QX-77"', ['minus']],
    ['model', '\u201CQX-77\u201D', ['minus']],
    ['model', '\u2018QX-77\u2019', ['minus']],
    ['model', '\u00ABQX-77\u00BB', ['minus']],
    ['owner', 'patomalley', []],
    ['city', 'ZURICH', ['hotel_zurich_bahnhof']],
    ['tags', 'wd-40', ['ladder']],
    ['sku', '0815-4711', ['ladder']],
    ['tag', 'r&b', ['rock']],
    ['city', 'Zürch', []],
    ['رنگ', 'مشكي', ['persian']],
    ['رنك', 'مشكي', []],
    ['size', '10x20 cm', ['persian']],
    ['size', '10х20 CM', ['persian']],
    ['size', '10*20 cm', ['persian']],
    ['kind', 'جميل', ['persian']],
    ['kind', 'جمیل', ['persian']],
    ['pockets', '42', ['persian']],
    ['pockets', '۴۲', ['persian']],
    ['shelf', '٧', ['persian']],
    ['tags', '7', ['ladder']],
    ['tags', '07', []],
    ['spa', 'sauna', ['marked']],
    ['spa', 'sauna\u200E', ['marked']],
    ['spa', '\u202Asau\u00ADna\u202C', ['marked']],
    ['spa\u200F', '\u2066sau\u2060na\u2069', ['marked']],
    ['colour', 'blue', ['marked']],
    ['colour', 'navy\u200F', ['marked']],
    ['city', 'ZÃ¼rich', ['nfc', 'nfd']],
    ['city', 'Z&uuml;rich', ['nfc', 'nfd']],
    ['city', 'Z%C3%BCrich', ['nfc', 'nfd']],
    ['tag', 'R&amp;B', ['rock']],
    ['owner', 'Pat O&#39;Malley', ['pub']],
    ['spa', '<b>sauna</b>', ['marked']],
    ['Ï€ÏŒÎ»Î·', 'ΑΘΗΝΑ', ['greek']],
    ['colour', 'navy, blue', ['marked']],
    ['colour', 'Blue;"navy"', ['marked']],
    ['colour', '[blue | navy]', ['marked']],
    ['colour', '(navy)', ['marked']],
    ['colour', 'blue、navy', ['marked']],
    ['colour', 'blue, green', []],
    ['colour', '[ , ]', []],
    ['tags', 'wd-40, 7', ['ladder']],
    ['spa', 'sauna, pool', []],
    ['place', 'Bali, Canggu', ['canggu']],
    ['place', 'Bali', []],
    ['levels', '1,5', ['typed']],
    ['levels', '1.5, -2, false', ['typed']],
    ['levels', '1,5,', []],
    ['motto', 'R&amp;B &#38; soul', ['canggu']],
  ])('%s %j keep %j', async (name, value, ids) => expect(await by(name, value)).toEqual(ids));

  test.each([
    [{ name: 'four', stringValue: '4' }, ['texts', 'typed']],
    [{ name: 'four', stringValue: ' ４' }, ['texts', 'typed']],
    [{ name: 'four', numberValue: 4 }, ['texts', 'typed']],
    [{ name: 'four', stringValue: '4.0' }, []],
    [{ name: 'part', stringValue: '00123' }, ['texts']],
    [{ name: 'part', stringValue: '123' }, ['typed']],
    [{ name: 'part', numberValue: 123 }, ['typed']],
    [{ name: 'on', stringValue: 'true' }, ['texts', 'typed']],
    [{ name: 'on', stringValue: 'TRUE' }, ['texts', 'typed']],
    [{ name: 'on', boolValue: true }, ['texts', 'typed']],
    [{ name: 'on', boolValue: false }, []],
    [{ name: 'on', numberValue: 1 }, []],
    [{ name: 'levels', stringValue: '1.5' }, ['texts', 'typed']],
    [{ name: 'levels', stringValue: '\u22122' }, ['typed']],
    [{ name: 'levels', stringValue: 'NaN' }, ['texts']],
    [{ name: 'levels', stringValue: 'false' }, ['typed']],
  ])('%j keeps a number, true and false with their texts: %j', async (filter, ids) =>
    expect((await find('hotel', [filter])).toSorted()).toEqual(ids),
  );
});

test('a query is read as an item is: what its words are made of is in its document', async () => {
  for (const [, name] of ITEMS) {
    const { grams, codes } = searchWords(name);
    const sql = 'select search_words($1, $2, $3) as document';
    const [row] = await database.query(sql, ['public.aura_und', name, 'A']);
    for (const word of [...grams, ...codes]) expect(row?.['document']).toContain(`'${word}':`);
  }
});
