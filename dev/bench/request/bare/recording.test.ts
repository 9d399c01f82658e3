import { expect, test } from 'vitest';
import { fillSlots, withSlots } from './recording.ts';

const recorded = { agent: 'did:example:bench', token_hash: Buffer.from('one'), session: undefined };
const statement = {
  text: 'insert …',
  values: ['hotel_alpha', 'did:example:bench', Buffer.from('one'), 80_000, null, undefined],
};

test('what was recorded of one request is filled in for another', () => {
  const slotted = withSlots(statement, recorded);
  const filled = fillSlots(slotted, { agent: 'did:example:b', token_hash: Buffer.from('two') });
  expect(filled).toEqual([
    'hotel_alpha',
    'did:example:b',
    Buffer.from('two'),
    80_000,
    null,
    undefined,
  ]);
});

test('a value that only looks alike stays', () => {
  const values = ['one', Buffer.from('ones')];
  expect(fillSlots(withSlots({ text: '', values }, recorded), {})).toEqual(values);
});
