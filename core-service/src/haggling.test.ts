import { describe, expect, test } from 'vitest';
import { readHaggling, withDefaults } from './haggling.ts';
import { DEFAULT_TERMS, PRESETS } from './terms.ts';

describe('HAGGLING', () => {
  test.each([
    ['', DEFAULT_TERMS],
    [' , ', DEFAULT_TERMS],
    ['balanced', DEFAULT_TERMS],
    ['firm', PRESETS.firm],
    ['quick sale', PRESETS['quick sale']],
    ['quick-sale', PRESETS['quick sale']],
    ['margin:0.3', { ...DEFAULT_TERMS, margin: 0.3 }],
    [' firm , rounds: 8 ,beta:0.5', { ...PRESETS.firm, rounds: 8, beta: 0.5 }],
    ['rounds:3,quick sale', { ...PRESETS['quick sale'], rounds: 3 }],
    ['margin:0,3,rounds:8', { ...DEFAULT_TERMS, margin: 0.3, rounds: 8 }],
    [
      'bucket_ratio:0.05,opening_ratio:0.9,margin:0,discount_cap:0.5',
      { ...DEFAULT_TERMS, bucketRatio: 0.05, openingRatio: 0.9, margin: 0, discountCap: 0.5 },
    ],
  ])('%j is read', (text, terms) => {
    expect(readHaggling(text).terms).toEqual(terms);
  });

  test('each value says where it comes from', () => {
    expect(readHaggling('').origins).toMatchObject({ margin: 'default', rounds: 'default' });
    expect(readHaggling('rounds:8').origins).toMatchObject({
      margin: 'default',
      rounds: 'HAGGLING',
    });
    expect(readHaggling('firm,rounds:8').origins).toMatchObject({
      margin: 'firm',
      marginMinor: 'firm',
      rounds: 'HAGGLING',
    });
  });

  test.each([
    ['greedy', ['"greedy" is none of firm, balanced, quick sale, rounds:X']],
    ['Firm', ['"Firm" is none of']],
    ['firm,balanced', ['"balanced" is a second preset']],
    ['firm:1', ['"firm:1" is none of']],
    ['margin', ['"margin" is none of']],
    ['margin:', ['"margin:" must be a number from 0 to 1']],
    ['margin:20%', ['"margin:20%" must be a number from 0 to 1']],
    ['margin:1.01', ['"margin:1.01" must be a number from 0 to 1']],
    ['margin:0.1,margin:0.2', ['"margin:0.2" sets margin once more']],
    ['rounds:1.000', ['"rounds:1.000" must be a whole number from 1 to 100, not "1.000"']],
    [
      'margin:1e-1',
      ['"margin:1e-1" must be a number from 0 to 1, not "1e-1"; write out its digits'],
    ],
    ['margin_amount:5', ['"margin_amount:5" is none of']],
    ['toString:1', ['"toString:1" is none of']],
    [
      'rounds:0,beta:11,x:1',
      [
        '"rounds:0" must be a whole number from 1 to 100',
        '"beta:11" must be a number from 0.01 to 10',
        '"x:1" is none of',
      ],
    ],
  ])('%j: each bad entry is named', (text, parts) => {
    const message = expect.objectContaining({
      message: expect.stringMatching(/^has bad entries: /),
    });
    expect(() => readHaggling(text)).toThrow(message);
    for (const part of parts) expect(() => readHaggling(text)).toThrow(part);
    expect(() => readHaggling(text)).not.toThrow('\n');
  });
});

test('an item has its own terms, zero too, and the defaults where it has none', () => {
  const none = {
    rounds: null,
    beta: null,
    bucketRatio: null,
    openingRatio: null,
    margin: null,
    marginMinor: null,
    discountCap: null,
  };
  const own = { ...none, baseMinor: 10, floorMinor: 5 };
  const firm = readHaggling('firm');
  expect(withDefaults(own, firm)).toEqual({ ...PRESETS.firm, baseMinor: 10, floorMinor: 5 });
  expect(withDefaults({ ...own, margin: 0, rounds: 1 }, firm)).toMatchObject({
    ...PRESETS.firm,
    margin: 0,
    rounds: 1,
  });
});
