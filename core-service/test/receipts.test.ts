/** A receipt proves a deal to whoever has the public key, and to nobody who has changed anything in it. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSignature, SIGNATURE_METADATA } from '@aura/proto';
import type { JSONWebKeySet } from 'jose';
import { compactVerify, CompactSign, createLocalJWKSet } from 'jose';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { newReceiptKey, readReceiptKeys, writeKeySet } from '../src/receipt-keys.ts';
import { runInProcess } from './command-line.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { addItem, startCore, startDatabase } from './core-harness.ts';
import type { CallOptions } from './grpc-client.ts';

const DID = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH';
const ADMIN_TOKEN = 'a-token-for-the-seller';
const [first, second] = [newReceiptKey(), newReceiptKey()];

let database: TestDatabase;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'desk', base: 90_000, floor: 60_000 });
  await addItem(database, { id: 'villa', base: 500_000, floor: 300_000 });
  await addItem(database, { id: 'tea', base: 1_200, floor: 900, currency: 'JPY' });
  core = await startWith(first);
});
afterAll(async () => {
  await core.close();
  await database.close();
});

function startWith(...keys: ReturnType<typeof newReceiptKey>[]): Promise<Core> {
  const env = { ADMIN_TOKEN, ...(keys.length > 0 && { RECEIPT_KEYS: writeKeySet(keys) }) };
  return startCore(database, { env });
}

async function buy(itemId = 'desk', bidAmount = 900, options?: CallOptions) {
  const { accepted, ...answer } = await core.negotiate(
    { itemId, bidAmount, agent: { did: DID } },
    options,
  );
  return { ...answer, ...accepted! };
}

/** What the gateway publishes. */
async function publishedBy(at: Core): Promise<JSONWebKeySet> {
  const { keys } = await at.receiptKeys();
  return {
    keys: keys.map(({ keyId, publicKey }: any) => {
      const x = Buffer.from(publicKey).toString('base64url');
      return { kty: 'OKP', crv: 'Ed25519', kid: keyId, x };
    }),
  };
}

async function verify(receipt: string, keys: JSONWebKeySet) {
  const { payload, protectedHeader } = await compactVerify(receipt, createLocalJWKSet(keys));
  return { header: protectedHeader, claims: JSON.parse(new TextDecoder().decode(payload)) };
}

async function deals(env: Record<string, string>, ...args: string[]) {
  const all = { DATABASE_URL: database.url, ...env };
  const { code, stdout, stderr } = await runInProcess(['deals', ...args], all);
  return { code, said: code === 0 ? stdout : stderr };
}

describe('an accepted bid', () => {
  test('comes with its terms, signed', async () => {
    const { receipt, reservationCode } = await buy();
    const { header, claims } = await verify(receipt, await publishedBy(core));
    expect(header).toEqual({ alg: 'EdDSA', kid: first.kid, typ: 'aura-receipt+jwt' });
    expect(claims).toEqual({
      iat: expect.any(Number),
      reservation_code_sha256: createHash('sha256').update(reservationCode).digest('hex'),
      item_id: 'desk',
      price: '900.00',
      currency: 'USD',
      agent_did: DID,
      agent_verified: false,
      policy_version: '1',
    });
    expect(Math.abs(claims.iat - Date.now() / 1_000)).toBeLessThan(60);
    expect(JSON.stringify(claims)).not.toContain(reservationCode);
    expect(core.log()).not.toContain(first.d);
  });

  test('says whether the agent signed, and a price without decimals as it is', async () => {
    const validUntilTimestamp = Math.floor(Date.now() / 1_000) + 60;
    const signed = { agentDid: DID, nonces: [randomUUID()], exchangeId: randomUUID() };
    const bytes = encodeSignature({ ...signed, validUntilTimestamp });
    const { receipt } = await buy('tea', 1_200, { metadata: { [SIGNATURE_METADATA]: bytes } });
    const { claims } = await verify(receipt, await publishedBy(core));
    expect(claims).toMatchObject({ agent_verified: true, price: '1200', currency: 'JPY' });
  });

  test('gives the same bytes again: under its key, of its reservation, and of a released one', async () => {
    const bid = { itemId: 'desk', bidAmount: 900, agent: { did: DID }, requestId: randomUUID() };
    const { accepted } = await core.negotiate(bid);
    const { receipt, reservationCode } = accepted!;
    expect((await core.negotiate(bid)).accepted).toEqual(accepted);
    const later = await startWith(second, first);
    onTestFinished(() => later.close());
    expect((await later.reservation(reservationCode)).receipt).toBe(receipt);
    expect((await later.release(reservationCode)).receipt).toBe(receipt);
  });

  test.each(['over gRPC', 'by the command'])('that a person approved %s has one', async (way) => {
    const bid = { itemId: 'villa', bidAmount: 4_000, agent: { did: DID } };
    const { sessionToken, sessionId: dealId } = await core.negotiate(bid);
    if (way === 'over gRPC') await core.deals('ApproveDeal', { dealId }, ADMIN_TOKEN);
    else await deals({ RECEIPT_KEYS: writeKeySet([first]) }, 'approve', dealId);
    const { accepted } = await core.negotiate({ ...bid, sessionToken });
    const { receipt, reservationCode } = accepted!;
    const { claims } = await verify(receipt, await publishedBy(core));
    expect(claims).toMatchObject({ item_id: 'villa', price: '4000.00', agent_verified: false });
    const hash = createHash('sha256').update(reservationCode).digest('hex');
    expect(claims.reservation_code_sha256).toBe(hash);
    expect((await core.reservation(reservationCode)).receipt).toBe(receipt);
  });

  test('has none where core has no key', async () => {
    const keyless = await startWith();
    onTestFinished(() => keyless.close());
    const bid = { itemId: 'desk', bidAmount: 900, agent: { did: DID } };
    const { receipt, reservationCode } = (await keyless.negotiate(bid)).accepted!;
    expect([receipt, (await keyless.reservation(reservationCode)).receipt]).toEqual(['', '']);
    expect(await publishedBy(keyless)).toEqual({ keys: [] });
  });
});

describe('is refused', () => {
  test('with any byte changed', async () => {
    const { receipt } = await buy();
    const keys = await publishedBy(core);
    const parts = receipt.split('.').map((part) => Buffer.from(part, 'base64url'));
    let refused = 0;
    for (const [p, part] of parts.entries()) {
      for (let at = 0; at < part.length; at += 1) {
        const changed = parts.map((each) => Buffer.from(each));
        changed[p]![at]! ^= 1;
        const text = changed.map((each) => each.toString('base64url')).join('.');
        refused += await verify(text, keys).then(
          () => 0,
          () => 1,
        );
      }
    }
    expect(refused).toBe(parts.reduce((sum, { length }) => sum + length, 0));
    expect(refused).toBeGreaterThan(300);
  });

  test('by another key, also under the same name', async () => {
    const { receipt } = await buy();
    const { d: _, ...other } = second;
    await expect(verify(receipt, { keys: [{ ...other }] })).rejects.toThrow(/no applicable key/);
    await expect(verify(receipt, { keys: [{ ...other, kid: first.kid }] })).rejects.toThrow(
      /verification failed/,
    );
  });
});

test('a key of before verifies its receipts until it is taken away', async () => {
  const { receipt } = await buy();
  const turned = await startWith(second, first);
  onTestFinished(() => turned.close());
  const keys = await publishedBy(turned);
  expect((await verify(receipt, keys)).header.kid).toBe(first.kid);
  const bid = { itemId: 'desk', bidAmount: 900, agent: { did: DID } };
  const { accepted } = await turned.negotiate(bid);
  expect((await verify(accepted!.receipt, keys)).header.kid).toBe(second.kid);

  const gone = await startWith(second);
  onTestFinished(() => gone.close());
  await expect(verify(receipt, await publishedBy(gone))).rejects.toThrow(/no applicable key/);
});

describe('the command `verify`', () => {
  const RECEIPT_KEYS = writeKeySet([second, first]);

  test('says in a line what a good one is of', async () => {
    const { receipt } = await buy();
    const { code, said } = await deals({ RECEIPT_KEYS }, 'verify', receipt);
    expect([code, said]).toEqual([0, expect.stringMatching(/^[^\n]+\n$/)]);
    expect(said).toContain(`good: desk for 900.00 USD to ${DID}, who did not sign, at 20`);
    expect(said).toContain(`by key ${first.kid}\n`);
  });

  test('says in a line why it is a bad one', async () => {
    const { receipt } = await buy();
    const [header, payload, signature] = receipt.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const cheap = Buffer.from(JSON.stringify({ ...claims, price: '1.00' })).toString('base64url');
    const [key] = readReceiptKeys(RECEIPT_KEYS);
    const other = await new CompactSign(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'EdDSA', kid: second.kid })
      .sign(key!.privateKey);
    const changed = 'bad: it has a signature that is wrong: something in it was changed\n';
    const cases = [
      [`${header}.${cheap}.${signature}`, RECEIPT_KEYS, changed],
      [
        receipt,
        writeKeySet([second]),
        `bad: it is signed by the key "${first.kid}", which is none here\n`,
      ],
      [receipt, writeKeySet([{ ...second, kid: first.kid }]), changed],
      ['hello', RECEIPT_KEYS, 'bad: it is no compact JWS of EdDSA\n'],
      [other, RECEIPT_KEYS, 'bad: it is signed, but it is no receipt\n'],
      [receipt, '', 'there are no keys: set RECEIPT_KEYS or RECEIPT_KEYS_FILE\n'],
    ] as const;
    for (const [text, keys, said] of cases) {
      expect(await deals({ RECEIPT_KEYS: keys }, 'verify', text)).toEqual({ code: 1, said });
    }
  });
});

test('the command `keys` makes, turns and takes away keys', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aura-keys-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'keys.json');
  const [a = ''] = (await deals({}, 'keys', file, '--add')).said.split(' ');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const both = (await deals({}, 'keys', file, '--add')).said;
  const b = both.split('\n')[1]?.split(' ')[0] ?? '';
  expect(both).toBe(`${a}  signs\n${b}  verifies\n`);
  expect((await deals({}, 'keys', file, '--sign', b)).said).toBe(`${b}  signs\n${a}  verifies\n`);
  expect(readReceiptKeys(await readFile(file, 'utf8')).map(({ kid }) => kid)).toEqual([b, a]);
  expect((await deals({}, 'keys', file, '--drop', a)).said).toBe(`${b}  signs\n`);
  const last = { code: 1, said: 'the last key cannot be taken away\n' };
  expect(await deals({}, 'keys', file, '--drop', b)).toEqual(last);
  expect(await deals({}, 'keys', file, '--sign', a)).toEqual({
    code: 1,
    said: `there is no key ${a}\n`,
  });
  await writeFile(file, 'no JSON');
  expect((await deals({}, 'keys', file, '--add')).said).toBe(`${file} must be a JWK Set in JSON\n`);
});
