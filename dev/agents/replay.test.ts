/** Copies of one signed request, sent to two gateways before two cores at once. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../api-gateway/test/gateway.ts';
import { startGateway } from '../../api-gateway/test/gateway.ts';
import type { Core, TestDatabase } from '../../core-service/test/core-harness.ts';
import { addItem, startCore, startDatabase } from '../../core-service/test/core-harness.ts';
import { createSigner } from './sign.ts';

const ORIGIN = 'https://shop.example';
const { privateKey } = generateKeyPairSync('ed25519');
const signer = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

let database: TestDatabase;
let cores: readonly Core[];
let gateways: Gateway[];
/** Sends a request to one of the two gateways. */
const send = (at: number, { body, headers }: ReturnType<typeof signed>) =>
  (gateways[at % 2] as Gateway).post('/v1/negotiate', body, headers);
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
  cores = [await startCore(database), await startCore(database)];
  gateways = await Promise.all(
    cores.map(({ port }) =>
      startGateway({
        target: `127.0.0.1:${port}`,
        publicUrl: ORIGIN,
        auth: { mode: 'required' },
      }),
    ),
  );
});
afterAll(async () => {
  for (const each of [...gateways, ...cores, database]) await each.close();
});

function signed(message: object) {
  const body = JSON.stringify(message);
  const url = `${ORIGIN}/v1/negotiate`;
  return { body, headers: signer.headers({ method: 'POST', url, body }) };
}
const bid = { item_id: 'desk', bid_amount: 100, agent_did: signer.did };

test('exactly one of them is a bid', async () => {
  const request = signed(bid);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => send(i, request)));
  const passed = answers.filter(({ statusCode }) => statusCode === 200);
  const refused = answers.filter((answer) => answer.json().type?.endsWith('signature-replayed'));
  expect([passed.length, refused.length]).toEqual([1, 39]);
  const [{ rounds }] = await database.query('select count(*)::int rounds from negotiation_rounds');
  expect(rounds).toBe(1);
});

test('a haggle goes on at the other gateway, with a signature of its own each time', async () => {
  const { session_token } = (await send(0, signed(bid))).json();
  const next = signed({ ...bid, session_token });
  expect((await send(1, next)).json().status).toBe('countered');
  expect((await send(0, next)).statusCode).toBe(401);
});
