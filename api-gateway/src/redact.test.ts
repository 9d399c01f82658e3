import { expect, test } from 'vitest';
import { redactSecrets } from './redact.ts';

const CODE = 'AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ';
const TOKEN = 'sess_o74A8oVUA1ZMYAaTHcI90iOKRz7UumCw';

test.each([
  [`/v1/reservations/${CODE}/release`, '/v1/reservations/REDACTED/release'],
  [`/v1/reservations/${CODE.replaceAll('-', '%2D')}`, '/v1/reservations/REDACTED'],
  [`/v1/reservations/${CODE.replace('U', '%55')}`, '/v1/reservations/REDACTED'],
  [`/v1/reservations/${CODE.toLowerCase()}`, '/v1/reservations/REDACTED'],
  [`/v1/reservations/${CODE.replaceAll('-', '')}/release`, '/v1/reservations/REDACTED/release'],
  [`/v1/reservations/${CODE.replaceAll('-', '').toLowerCase()}`, '/v1/reservations/REDACTED'],
  [`/v1/reservations/${CODE.slice(0, -1)}`, '/v1/reservations/REDACTED'],
  [`/v1/reservations/${CODE.replace('-', '--')}?x`, '/v1/reservations/REDACTED?x'],
  [
    `/v1/reservations/${CODE.replaceAll('-', '%E2%80%93')}/release`,
    '/v1/reservations/REDACTED/release',
  ],
  [`/v1/reservations/${CODE.replaceAll('-', '_')}`, '/v1/reservations/REDACTED'],
  [`/v1/reservations/${CODE.replaceAll('-', '%20')}?a`, '/v1/reservations/REDACTED?a'],
  [`?session_token=${TOKEN}&x=1`, '?session_token=REDACTED&x=1'],
  [`?session_token=${TOKEN.replace('_', '%5f')}`, '?session_token=REDACTED'],
  ['/v1/aurora?q=an-aura', '/v1/aurora?q=an-aura'],
  ['/v1/search?q=a%20b%zz%E4%BA%AC', '/v1/search?q=a%20b%zz%E4%BA%AC'],
])('%s', (text, redacted) => {
  expect(redactSecrets(text)).toBe(redacted);
});
