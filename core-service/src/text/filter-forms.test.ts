import { expect, test } from 'vitest';
import { formsOf } from './filter-forms.ts';

test.each([
  [4, '4'],
  [true, 'true'],
  ['4', 4],
  ['04', '04'],
  ['4.0', '4.0'],
  ['TRUE', true],
  ['Yes', true],
  ['no', false],
  ['"4"', '4'],
  ['\u201CQX-77\u201D', 'qx-77'],
  ['R&amp;B', 'R&B'],
  ['GroÃŸ', 'Groß'],
  ['sauna, parking', ['sauna', 'parking']],
  ['sauna , parking,', ['sauna', 'parking']],
  ['"sauna", \'parking\'', ['sauna', 'parking']],
  ['sauna;parking|wifi', ['sauna', 'parking', 'wifi']],
  ['サウナ、駐車場', ['サウナ', '駐車場']],
  ['sauna，parking', ['sauna', 'parking']],
  ['[4, true, "5"]', [4, true, '5']],
  ['(sauna)', ['sauna']],
  ['wifi, tea &amp; sauna', ['wifi', 'tea', 'sauna']],
  ['sauna and parking', ['sauna', 'parking']],
  ['sauna & parking + wifi', ['sauna', 'parking', 'wifi']],
  ['sauna\nparking', ['sauna', 'parking']],
  ['4,5', 4.5],
  ['1.250,50', 1250.5],
  ['38, 40', [38, 40]],
])('%j may be %j', (value, other) => expect(formsOf(value)).toEqual([value, other]));

test.each(['sauna', 'R&B', 'C++', 'sand + ', 'AC/DC', '[ , ]', ',', '[]', 'x'.repeat(200)])(
  '%j is nothing else',
  (value) => expect(formsOf(value)).toEqual([value, value]),
);

test('a list that could be a number of thousands is no number', () => {
  expect(formsOf('1,000')).toEqual(['1,000', [1, '000']]);
});
