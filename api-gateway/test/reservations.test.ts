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

describe('a release needs no body', () => {
  const release = (headers: Record<string, string>, payload?: string) =>
    gateway.app.inject({
      method: 'POST',
      url: `/v1/reservations/${CODE}/release`,
      headers,
      ...(payload !== undefined && { payload }),
    });

  test.each([
    'application/json',
    'application/json; charset=utf8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/octet-stream',
    '',
  ])('whatever type it would have: %s', async (type) => {
    const sent = { 'content-type': type };
    for (const length of [{}, { 'content-length': '0' }]) {
      expect((await release({ ...sent, ...length })).json().status).toBe('released');
    }
    if (type === '') return;
    const chunked = await release({ ...sent, 'transfer-encoding': 'chunked' }, '');
    expect(chunked.json().status).toBe('released');
  });

  test.each(['', ' \r\n', '{}', 'null', '{"reason":"changed my mind"}'])(
    'and JSON does no harm: %j',
    async (payload) => {
      const answer = await release({ 'content-type': 'application/json' }, payload);
      expect(answer.json().status).toBe('released');
    },
  );

  test.each([
    ['application/json', '{"reason":', 400],
    ['application/x-www-form-urlencoded', 'reason=none', 415],
    ['text/plain', '{}', 415],
  ])('but %s with %s is refused', async (type, payload, statusCode) => {
    expect((await release({ 'content-type': type }, payload)).statusCode).toBe(statusCode);
  });
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

  test.each([
    'AURA',
    `${CODE}-`,
    `${CODE}0`,
    CODE.replace('-', '--'),
    CODE.replace('-', '%E2%80%93%20'),
    CODE.replace('-', '_'),
    CODE.replace('J', 'I'),
    '%00',
    '..%2F',
  ])('what is no code is refused and named: %s', async (code) => {
    const response = await ask(method, path.replace(CODE, code));
    expect([response.statusCode, response.json().errors]).toEqual([
      400,
      [{ path: 'code', message: expect.stringContaining('reservation_code') }],
    ]);
  });

  test.each([
    CODE.toLowerCase(),
    CODE.replace('AURA', 'Aura'),
    CODE.replaceAll('-', ''),
    CODE.replaceAll('-', '').toLowerCase(),
    CODE.replaceAll('-', '%2d'),
    CODE.replace('-', ''),
    CODE.replaceAll('-', '%E2%80%93'),
    CODE.replaceAll('-', '%20'),
    CODE.replace('-', '%E2%80%91').replace('-', '%EF%BC%8D').replace('-', '%E2%88%92'),
  ])(
    'takes the code as %s, asks core for it as it was issued, and logs it nowhere',
    async (code) => {
      const response = await ask(method, path.replace(CODE, code));
      expect(response.json()).toMatchObject({ reservation_code: CODE });
      expect(JSON.stringify(gateway.logLines())).not.toContain(code);
    },
  );

  test('the code is not in the log', async () => {
    await ask(method, path);
    expect(JSON.stringify(gateway.logLines())).toContain('/v1/reservations/:code');
    expect(JSON.stringify(gateway.logLines())).not.toContain(CODE);
  });
});
