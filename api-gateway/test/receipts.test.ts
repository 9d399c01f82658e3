/** Where a buyer gets its receipt, and anybody the keys to verify it with. */
import { status } from '@grpc/grpc-js';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { failWith } from './fake-core.ts';
import type { Gateway } from './gateway.ts';
import { startGateway } from './gateway.ts';

const RECEIPT = 'eyJhbGciOiJFZERTQSJ9.eyJpYXQiOjF9.c2lnbmF0dXJl';
const BID = { item_id: 'desk', bid_amount: 9, agent_did: 'did:example:buyer' };
const CODE = 'AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ';
const KEY = {
  kty: 'OKP',
  crv: 'Ed25519',
  alg: 'EdDSA',
  use: 'sig',
  kid: 'a-key',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
};

let gateway: Gateway;
beforeEach(async () => {
  await gateway?.close();
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const getKeys = () => gateway.app.inject('/.well-known/jwks.json');
const answerKeys = () => ({
  keys: [{ keyId: KEY.kid, publicKey: Buffer.from(KEY.x, 'base64url') }],
});

test('the keys are a JWK Set, for which core is asked once in a while', async () => {
  let asked = 0;
  gateway.core.getReceiptKeys = () => {
    asked += 1;
    return answerKeys();
  };
  const answers = await Promise.all([getKeys(), getKeys(), getKeys()]);
  for (const { statusCode, headers, ...answer } of [...answers, await getKeys()]) {
    expect([statusCode, answer.json()]).toEqual([200, { keys: [KEY] }]);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    });
  }
  expect(asked).toBe(1);
});

test('core is asked again when they are old, and while it is away they stand', async () => {
  const start = performance.now();
  const now = vi.spyOn(performance, 'now');
  try {
    gateway.core.getReceiptKeys = answerKeys;
    expect((await getKeys()).json()).toEqual({ keys: [KEY] });
    now.mockImplementation(() => start + 120_000);
    gateway.core.getReceiptKeys = failWith(status.UNAVAILABLE, 'away');
    expect((await getKeys()).json()).toEqual({ keys: [KEY] });
    now.mockImplementation(() => start + 240_000);
    gateway.core.getReceiptKeys = () => ({ keys: [] });
    expect((await getKeys()).json()).toEqual({ keys: [] });
  } finally {
    now.mockRestore();
  }
});

test('there are none where core has none, and a problem where core was never there', async () => {
  expect((await getKeys()).json()).toEqual({ keys: [] });
  await gateway.close();
  gateway = await startGateway();
  gateway.core.getReceiptKeys = failWith(status.UNAVAILABLE, 'away');
  const away = await getKeys();
  expect([away.statusCode, away.headers['content-type']]).toEqual([
    503,
    expect.stringContaining('application/problem+json'),
  ]);
});

test('an accepted bid has its receipt over HTTP, and its reservation too', async () => {
  gateway.core.negotiate = () => ({
    sessionToken: 'sess_0123456789abcdef',
    validUntilTimestamp: 1_795_365_496,
    accepted: { finalPrice: 9, reservationCode: CODE, receipt: RECEIPT },
  });
  const { data } = (await gateway.post('/v1/negotiate', BID)).json();
  expect(data).toEqual({ final_price: 9, reservation_code: CODE, receipt: RECEIPT });
  const { getReservation } = gateway.core;
  gateway.core.getReservation = async (call) => {
    const { reservation } = await getReservation(call);
    return { reservation: { ...reservation, receipt: RECEIPT } };
  };
  const found = await gateway.app.inject(`/v1/reservations/${CODE}`);
  expect(found.json()).toMatchObject({ reservation_code: CODE, receipt: RECEIPT });
});
