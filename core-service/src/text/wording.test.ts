import { expect, test } from 'vitest';
import { readWording } from './wording.ts';

test.each([
  ['a chalet without children', 'a chalet', 'children'],
  ['family hotel, not in the mountains', 'family hotel ,', 'in the mountains'],
  ["winter trip, but I don't ski", 'winter trip , but I do', 'ski'],
  ['no dorm beds but a pool', 'but a pool', 'dorm beds'],
  ['not one two three four five six seven', 'six seven', 'one two three four five'],
  ['ruhig, ohne Kinder', 'ruhig ,', 'Kinder'],
  ['hôtel sans piscine', 'hôtel', 'piscine'],
  ['sin mascotas', '', 'mascotas'],
  ['Ohne Kinder', '', 'Kinder'],
  ['Quiet. No children', 'Quiet .', 'children'],
])('%j says %j and negates %j', (text, affirmed, negated) => {
  expect(readWording(text)).toEqual({ affirmed, negated });
});

test.each([
  'a no-frills hotel',
  'no frills',
  'not far from the sea',
  'hôtel pas cher',
  'pousada perto da praia no Rio',
  'Chiang Mai hotel with pool',
  'Hotel im Mai mit Sauna',
  'Sans Souci Palace',
  'Night at Sin City',
  'a quiet place',
  '静かな宿',
  '',
])('%j negates nothing', (text) => {
  expect(readWording(text).negated).toBe('');
});
