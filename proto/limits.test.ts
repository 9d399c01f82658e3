import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { negotiationService, packageDefinition } from './index.ts';
import {
  DEAL_STATUSES,
  GRPC_STATUS_WORDS,
  NEGOTIATION_SERVICE,
  RESERVATION_STATUSES,
} from './limits.ts';

/** Returns the names of an enum of the contract, but for the unspecified one. */
function namesOf(name: string): string[] {
  const { value } = (packageDefinition[`aura.negotiation.v1.${name}`] as any).type;
  return value.map((each: { name: string }) => each.name).slice(1);
}

test('the status words are those of grpc-js, each at its code', () => {
  for (const [code, word] of GRPC_STATUS_WORDS.entries()) expect(status[code]).toBe(word);
  expect(status[GRPC_STATUS_WORDS.length]).toBeUndefined();
});

test.each([
  ['ReservationStatus', 'RESERVATION_STATUS_', RESERVATION_STATUSES],
  ['DealStatus', 'DEAL_STATUS_', DEAL_STATUSES],
])('%s has a word for each of its names', (name, prefix, words) => {
  expect(Object.keys(words)).toEqual(namesOf(name));
  for (const [wire, word] of Object.entries(words)) {
    expect(wire).toBe(`${prefix}${word.toUpperCase()}`);
  }
});

test('the service has the name of the contract', () => {
  expect(negotiationService.Search.path).toBe(`/${NEGOTIATION_SERVICE}/Search`);
});

test('nothing is loaded with them', () => {
  const source = readFileSync(new URL('./limits.ts', import.meta.url), 'utf8');
  expect(source).not.toMatch(/^\s*(import|export .* from)\b/m);
});
