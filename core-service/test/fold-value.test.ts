/** Core folds names and values of attributes as the database folds them, or filters would miss items. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldValue } from '../src/text/search-words.ts';
import type { TestDatabase } from './core-harness.ts';
import { startDatabase } from './core-harness.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

/** @returns the texts that the two fold in different ways, with what each makes of them */
async function differences(texts: readonly string[]) {
  // Node may know letters of a later Unicode than Postgres.
  const rows = await database.query(
    'select written, fold_value(written) folded from unnest($1::text[]) written where unicode_assigned(written)',
    [texts],
  );
  expect(rows.length).toBeGreaterThan(0);
  return rows
    .map(({ written, folded }) => ({ written, core: foldValue(written), database: folded }))
    .filter((each) => each.core !== each.database);
}

test.each([
  ['full width and half width', ['ＡＢＣ　１２３', 'ｱｲｳ ｶﾞ', '５％', '（Ｌ）', '￥']],
  [
    'composed and decomposed',
    ['Zu\u0308rich', 'Zürich', 'Z\u0301\u0327', 'ệ', 'e\u0302\u0323', '각', '각'],
  ],
  [
    'the four letters i of Turkish',
    ['İSTANBUL', 'ISPARTA', 'ısı', 'iİıI', 'I\u0307', 'i\u0307', 'Iİ\u0307'],
  ],
  ['sharp s', ['STRASSE', 'Straße', 'STRAẞE', 'ſ', 'ﬅ', 'ß\u0301']],
  [
    'Greek with its final sigma and accents',
    ['ΟΔΥΣΣΕΥΣ', 'Οδυσσεύς', 'ς', 'Σ', 'ΑΣ ΑΣ.', 'ΐΰ', 'ᾳ', 'Ὀδ', 'ϊ\u0301'],
  ],
  ['Cyrillic, Georgian, Cherokee and Armenian', ['ЙЁ', 'И\u0306', 'ᲐᲑ', 'ა', 'Ꭰ', 'ꭰ', 'ԵՒ', 'և']],
  [
    'ligatures, fractions and signs',
    ['ﬁﬂ', '½', '²', '№', 'Ⅷ', '™ ℠ ©', 'Å', 'K', 'Ω', '㎏', 'ǆ', 'ǅ'],
  ],
  ['hyphens, apostrophes and quotes', ['WD‐40', 'a–b—c−d', '‘a’ʼbʻ', '“x”„y', 'a\u00adb']],
  [
    'blanks',
    [' a \t b\n\u00a0c\u2003d\u3000', '\u2028a\u2029', '\u202fa\u205fb', '\u200ba\ufeff', ''],
  ],
  ['what joins emoji', ['👩\u200d👩\u200d👧', '❤\ufe0f', '1\ufe0f\u20e3', 'க்\u200dஷ']],
  [
    'Arabic, Persian and Hebrew as each keyboard writes them',
    ['کیف', 'كيف', 'على', 'علی', 'مُحَمَّد', 'جمـــيل', 'ئ', 'ی\u0654', 'ٱ', 'آ', 'ﻻ', 'שָׁלוֹם', 'ﬡ'],
  ],
  ['digits of other scripts', ['٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹', '०९', '০৯', '๐๙', '༠၀០']],
  [
    'the sides of a size',
    ['10×20', '10 × 20', '10х20', '10 * 20', '١٠×٢٠', '1×2×3', '10  × 20', 'a×2', '2×', '×', 'х'],
  ],
  ['letters beyond the first plane', ['𝐀𝒷', '𐐀', '𞤀', '𠮷', '丽']],
])('%s', async (_what, texts) => {
  expect(await differences(texts)).toEqual([]);
});

/** The database's locale decides whether these are blanks. No text of an item has the first one. */
const OF_THE_LOCALE = new Set([0x85, 0x1680]);
/** Ranges of characters that fold to themselves, all alike: a few of each are enough. */
const ALIKE = [
  [0x3400, 0x9fff],
  [0xac00, 0xd7a3],
  [0xd800, 0xf8ff],
  [0x17000, 0x18cff],
  [0x20000, 0x2f7ff],
  [0x2fa20, 0x10ffff],
] as const;

test('every letter and sign, within a text and behind accents', async () => {
  const characters: string[] = [];
  for (let code = 1; code <= 0x10ffff; code++) {
    const [, last = code] = ALIKE.find(([from, to]) => code > from + 8 && code < to) ?? [];
    code = last;
    if (OF_THE_LOCALE.has(code) || (code >= 0xd800 && code <= 0xdfff)) continue;
    characters.push(String.fromCodePoint(code));
  }
  expect(characters.length).toBeGreaterThan(70_000);
  for (let at = 0; at < characters.length; at += 20_000) {
    const part = characters.slice(at, at + 20_000).map((each) => `${each} A${each}Z ${each}\u0301`);
    expect(await differences(part)).toEqual([]);
  }
});
