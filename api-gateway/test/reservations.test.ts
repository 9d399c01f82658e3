import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failWith } from './fake-core.ts';
import type { Gateway } from './gateway.ts';
import { startGateway } from './gateway.ts';

const CODE = 'AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ';
const RESERVATION = {
  reservation_code: CODE,
  item_id: 'hotel_alpha',
  item_name: 'Grand Hotel Alpha (Luxury)',
  price: 986.5,
  currency: 'USD',
  status: 'held',
  held_until: 1_795_451_896,
};

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
beforeEach(() => gateway.core.reset());
afterAll(() => gateway.close());

const ask = (method: 'GET' | 'POST', path: string) =>
  gateway.app.inject({ method, url: `/v1/reservations/${path}` });

const WAYS = [
  ['GET', CODE, 'getReservation'],
  ['POST', `${CODE}/release`, 'releaseReservation'],
] as const;

test('a reservation, and the same one released', async () => {
  const found = await ask('GET', CODE);
  expect([found.statusCode, found.json()]).toEqual([200, RESERVATION]);
  const released = await ask('POST', `${CODE}/release`);
  expect([released.statusCode, released.json()]).toEqual([
    200,
    { ...RESERVATION, status: 'released' },
  ]);
});

describe.each(WAYS)('%s', (method, path, call) => {
  test.each([
    [status.NOT_FOUND, 'RESERVATION_NOT_FOUND', 404],
    [status.FAILED_PRECONDITION, 'RESERVATION_EXPIRED', 409],
    [status.UNAVAILABLE, 'DATABASE_UNAVAILABLE', 503],
  ])('core says %i %s', async (code, reason, httpStatus) => {
    gateway.core[call] = failWith(code, 'so it is', { reason });
    const response = await ask(method, path);
    expect(response.statusCode).toBe(httpStatus);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({
      type: `urn:aura:problem:${reason.toLowerCase().replaceAll('_', '-')}`,
      status: httpStatus,
    });
  });

  test.each(['AURA', CODE.toLowerCase(), `${CODE}0`, CODE.replace('J', 'I'), '%00', '..%2F'])(
    'what is no code is refused and named: %s',
    async (code) => {
      const response = await ask(method, path.replace(CODE, code));
      expect([response.statusCode, response.json().errors]).toEqual([
        400,
        [{ path: 'code', message: expect.stringContaining('reservation_code') }],
      ]);
    },
  );

  test('the code is not in the log', async () => {
    await ask(method, path);
    expect(JSON.stringify(gateway.logLines())).toContain('/v1/reservations/:code');
    expect(JSON.stringify(gateway.logLines())).not.toContain(CODE);
  });
});
