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
