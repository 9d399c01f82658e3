import { expect, test } from 'vitest';
import { basesOf } from './variants.ts';

test('without and with telemetry are compared with the least that runs', () => {
  expect(basesOf(['all', 'unpatched', 'bare'])).toEqual(['unpatched', 'bare']);
});

test('a change is compared with what was before it', () => {
  expect(basesOf(['all', 'against'])).toEqual(['against']);
  expect(basesOf(['all', 'with'])).toEqual(['all']);
});
