import { expect, test } from 'vitest';
import { joinWords, withoutMarks } from './unseen.ts';

test.each([
  ['Kugel\u00ADhahn', 'Kugelhahn'],
  ['sau\u200Bna', 'sauna'],
  ['Feuer\u2060zangen\u00ADbowle Set', 'Feuerzangenbowle Set'],
  ['Auf\u200Clage', 'Auflage'],
  ['Zu\u0308\u200Drich', 'Zu\u0308rich'],
  ['\uFEFFtent', 'tent'],
  ['па\u00ADлат\u200Dка', 'палатка'],
])('%j is %j', (written, joined) => expect(joinWords(written)).toBe(joined));

test.each([
  '👨\u200D👩\u200D👧',
  '1\uFE0F\u20E3',
  'می\u200Cخواهم',
  'क\u094D\u200Dष',
  'plain',
  'Ã\u00AD',
])('%j is left as it is', (text) => expect(joinWords(text)).toBe(text));

test('marks of direction go where texts are compared', () => {
  expect(withoutMarks('\u202Asau\u00ADna\u202C\u200E')).toBe('sauna');
});
