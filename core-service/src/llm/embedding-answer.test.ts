import { describe, expect, test } from 'vitest';
import { distinct, inOrder } from './embedding-answer.ts';

const asked = { model: 'mistral-embed', count: 2 };
const vector = (x: unknown = 1): unknown[] => [x, ...Array.from({ length: 1_023 }, () => 0)];
const entry = (index: unknown, embedding: unknown = vector()) => ({ index, embedding });
const answer = (data: unknown, model: unknown = 'mistral-embed') => ({ id: 'x', model, data });

test('vectors are put into the order of their indices', () => {
  const [first, second] = [entry(0, vector(0.5)), entry(1)];
  expect(inOrder(answer([second, first]), asked)).toEqual(answer([first, second]));
});

test.each(['mistral-embed', 'mistral-embed-2312', 'mistral-embed-latest', undefined])(
  'the model %s is the one that was asked',
  (model) => {
    const body = { ...answer([entry(0), entry(1)]), model };
    expect(inOrder(body, asked)).toEqual(body);
  },
);

test('a lone vector needs no index', () => {
  const body = answer([{ embedding: vector() }]);
  expect(inOrder(body, { ...asked, count: 1 })).toEqual(body);
});

test('different texts have different vectors', () => {
  const body = answer([entry(0), entry(1, vector(2)), entry(2)]);
  expect(distinct(body, ['a desk', 'a lamp', 'A  desk.'])).toBe(body);
  const near = answer([entry(0), entry(1, vector().with(1_023, 1e-9))]);
  expect(distinct(near, ['a desk', 'a lamp'])).toBe(near);
  expect(() => distinct(body, ['a desk', 'a lamp', 'a chair'])).toThrow(
    'the vectors 0 and 2 are equal, but not their texts',
  );
});

describe('what is no answer to that is refused', () => {
  test.each([
    ['no vectors', {}, 'the answer has no vectors'],
    ['null', null, 'the answer has no vectors'],
    ['no data', answer([]), 'the answer has 0 vectors for 2 texts'],
    ['too few', answer([entry(0)]), 'the answer has 1 vectors for 2 texts'],
    ['too many', answer([0, 1, 2].map((i) => entry(i))), 'the answer has 3 vectors for 2 texts'],
    ['no index', answer([entry(undefined), entry(undefined)]), "a vector's index is not one of 0"],
    ['an index beyond', answer([entry(0), entry(2)]), "a vector's index is not one of 0 to 1"],
    ['half an index', answer([entry(0), entry(0.5)]), "a vector's index is not one of 0 to 1"],
    ['an index twice', answer([entry(1), entry(1)]), 'two vectors have the index 1'],
    ['a null entry', answer([entry(0), null]), "a vector's index is not one of 0 to 1"],
    ['no embedding', answer([entry(0), entry(1, null)]), 'vector 1 is missing'],
    ['256 dimensions', answer([entry(0), entry(1, [1, 2])]), 'vector 1 has 2 dimensions, not 1024'],
    ['a null number', answer([entry(0), entry(1, vector(null))]), 'vector 1 has something else'],
    ['a number as text', answer([entry(0), entry(1, vector('1'))]), 'vector 1 has something else'],
    ['infinity', answer([entry(0), entry(1, vector(Infinity))]), 'vector 1 has something else'],
    [
      'another model',
      answer([entry(0), entry(1)], 'codestral-embed'),
      'is of codestral-embed, not',
    ],
    [
      'no name',
      answer([entry(0), entry(1)], 'secret words'),
      'is of another model, not of mistral',
    ],
  ])('%s', (_name, body, words) => {
    expect(() => inOrder(body, asked)).toThrow(words);
  });
});
