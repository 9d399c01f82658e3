import { expect, test } from 'vitest';
import { foldText, hasWords, searchWords } from './search-words.ts';

test.each([
  ['Zu\u0308rich', 'zürich'],
  ['Ｏｃｅａｎ　Ｖｉｅｗ', 'ocean view'],
  ['İSTANBUL', 'istanbul'],
  ['ISTANBUL', 'istanbul'],
  ['İstanbul'.toLowerCase(), 'istanbul'],
  ['ıstanbul', 'istanbul'],
  ['STRASSE', 'strasse'],
  ['Straße', 'strasse'],
  ['STRAẞE', 'strasse'],
  ['ΟΔΟΣ', 'οδοσ'],
  ['οδος', 'οδοσ'],
  ['МОСКВА', 'москва'],
  ['ﬁne ﬂat', 'fine flat'],
  ['ﾎﾃﾙ', 'ホテル'],
  ['soft\u00ADhyphen\uFEFF', 'softhyphen'],
  ['Aura™', 'aura '],
  ['کیف', 'كيف'],
  ['على', 'علي'],
  ['مُحَمَّد', 'محمد'],
  ['جمـــيل', 'جميل'],
  ['שָׁלוֹם', 'שלום'],
  ['٤٢ ۴۲ ४२ ৪২ ๔๒', '42 42 42 42 42'],
  ['10×20 cm', '10x20 cm'],
  ['10 х 20 * 30', '10 x 20 x 30'],
  ['a*b хлеб ×2', 'a*b хлеб ×2'],
])('%j is %j', (written, folded) => expect(foldText(written)).toBe(folded));

test.each([
  ['WD-40', 'wd 40', ['wd40']],
  ['wd 40', 'wd 40', ['wd40']],
  ['USB-C', 'usb c', ['usbc']],
  ['usb c', 'usb c', ['usbc']],
  ['0815-4711', '0815 4711', ['08154711']],
  ['0815 4711', '0815 4711', ['08154711']],
  ['WD-40/400ml', 'wd 40 400ml', ['wd40', 'wd40400ml']],
  ['A.B.C', 'a.b.c', ['abc']],
  ['400 ml', '400 ml', ['400ml']],
  ['C++', 'c++', ['cplusplus']],
  ['C++17, C#', 'c++17, c#', ['cplusplus', 'csharp']],
  ['.NET', '.net', ['dotnet']],
  ['c ++', 'c ++', ['cplusplus']],
  ['. net', '. net', ['dotnet']],
  ['R&B', 'r&b', ['randb']],
  ['r & b', 'r & b', ['randb']],
  ['A+++, A+, 18+', 'a+++, a+, 18+', ['aplusplusplus', 'aplus', '18plus']],
  ['4+1, a#b, a++b, ... and', '4+1, a#b, a++b, ... and', []],
  ['Wait…and see', 'wait...and see', []],
  ["the host's cat", "the host's cat", []],
])('%j is read as %j, and as the codes %j', (query, text, codes) => {
  expect(searchWords(query)).toEqual({ text, grams: [], codes });
});

test('scripts without spaces are read by neighbours', () => {
  expect(searchWords('東京駅 近く').grams).toEqual(['東京', '京駅', '近く']);
  expect(searchWords('駅').grams).toEqual(['駅']);
  expect(searchWords('hotel 서울게').grams).toEqual(['서울', '울게']);
  expect(searchWords('𠮷野家').grams).toEqual(['𠮷野', '野家']);
  expect(searchWords('東京 hotel').text.trim()).toBe('hotel');
});

test.each([
  ['&', false],
  ['🏖️', false],
  ['1️⃣', false],
  ['👨‍👩‍👧‍👦', false],
  ['ℹ️', false],
  ['🇩🇪', false],
  ['…—!?', false],
  ['™', false],
  ['a', true],
  ['7', true],
  ['東', true],
  ['🏖️ beach', true],
])('%j has words: %s', (query, has) => expect(hasWords(query)).toBe(has));
