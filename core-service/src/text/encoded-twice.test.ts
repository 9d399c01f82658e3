import { expect, test } from 'vitest';
import { decodeTwice, encodedTwice } from './encoded-twice.ts';

/** Texts in UTF-8 that were read by a code of DOS, or as KOI8-R, each with the first part that tells. */
test.each([
  '╨Я╤А╨╕',
  'Z├╝rich',
  '├а la',
  'тВм 20',
  'тДв',
  '├Е',
  '10 ├Ч 20',
  '─Нaj',
  'цЧецЬмшкЮ',
  'ЁЯША', // 866
  '├á la',
  'Γé¼ 20',
  'Γäó',
  '├à',
  '10 ├ù 20',
  '─ìaj',
  '─░stanbul',
  '┬╜ kg',
  '≡ƒÿÇ', // 437
  'Ôé¼ 20',
  'Ôäó',
  '┬¢ kg',
  '\u00ADƒÿÇ', // 850
  'ÔéČ 20',
  '├ů',
  '─Źaj',
  'đčĐÇđŞ',
  'đ┤đ╗ĐĆ', // 852
  'ºşªÇº©',
  'na├¤ve', // 857 and 865
  'Б─°softБ─²',
  'ц┤a va',
  'ц√l',
  'е╩цЁе┌ty', // KOI8-R
])('%j was encoded twice', (text) => {
  const part = encodedTwice(text) ?? '';
  expect(part).toMatch(/^[^\0-\x7f]{2}/);
  expect(text).toContain(part);
});

test.each([
  '├── src',
  '└── a',
  '│ ├ a',
  '┌─┬─┐',
  '├─┼─┤',
  '░▒▓',
  '─ Zelt ─',
  '──Über──',
  'Чай и хлеб',
  'МОСКВА',
  'тВ',
  'đak, Đurđevac, đeđe',
  'Việt Nam đẹp đến đâu',
  '1ª, 2º, 3ª',
  'Γεια, Ωμέγα',
  'ƒ/2.8',
  '20 € ½ kg',
  'йод, цех, Щука',
  '≡ ƒ',
  'Ô, Ôtez',
])('%j is text', (text) => expect(encodedTwice(text)).toBeUndefined());

test('what cannot be taken back is left', () => {
  expect(decodeTwice('Zürich CafÃ©')).toBeUndefined();
  expect(decodeTwice('Zürich')).toBeUndefined();
  expect(decodeTwice('CafÃ© Ð¿Ñ€Ð¸')).toBe('Café при');
});
