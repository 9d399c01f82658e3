import { createContextKey, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { LIGHT_ROOT } from './light-context.ts';

const one = createContextKey('one');
const other = createContextKey('other');

test('a value is known to what is derived from it, and not to what it came from', () => {
  const parent = LIGHT_ROOT.setValue(one, 1);
  const child = parent.setValue(other, 2).setValue(one, 3);
  expect([child.getValue(one), child.getValue(other)]).toEqual([3, 2]);
  expect([parent.getValue(one), parent.getValue(other)]).toEqual([1, undefined]);
  expect(LIGHT_ROOT.getValue(one)).toBeUndefined();
});

test('a deleted value is gone for what is derived alone', () => {
  const parent = LIGHT_ROOT.setValue(one, 1).setValue(other, 2);
  const child = parent.deleteValue(one);
  expect([child.getValue(one), child.getValue(other)]).toEqual([undefined, 2]);
  expect(parent.getValue(one)).toBe(1);
});

test.each([
  ['the light root', LIGHT_ROOT],
  ['the root', ROOT_CONTEXT],
])('the API keeps span and baggage below %s', (_name, root) => {
  const span = trace.wrapSpanContext({
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    traceFlags: 1,
  });
  const baggage = propagation.createBaggage({ agent_did: { value: 'did:example:buyer' } });
  const both = propagation.setBaggage(trace.setSpan(root, span), baggage);
  expect(trace.getSpan(both)).toBe(span);
  expect(propagation.getBaggage(both)).toBe(baggage);
  expect(trace.getSpan(trace.deleteSpan(both))).toBeUndefined();
});
