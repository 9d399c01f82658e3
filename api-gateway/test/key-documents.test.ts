/** Keys that stand in documents of the agents' own, and what happens where these lead astray. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { hash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FetchOptions } from '../src/signatures/keys/fetch-json.ts';
import type { FindKey, KeyNames } from '../src/signatures/keys/find-key.ts';
import { createFindKey } from '../src/signatures/keys/find-key.ts';
import { isPublicAddress } from '../src/signatures/keys/public-address.ts';
import type { AgentSite } from './agent-site.ts';
import { HOST, startAgentSite } from './agent-site.ts';
import { expectProblem, startGateway } from './gateway.ts';
import { makeKey, signFields } from './signing.ts';

const ed = makeKey('ed25519');
const p256 = makeKey('p256');
const jwkOf = ({ publicKey }: typeof ed) => publicKey.export({ format: 'jwk' });
const thumbprintOf = (key: typeof ed): string => {
  const { crv, kty, x, y } = jwkOf(key);
  return hash('sha256', JSON.stringify(y ? { crv, kty, x, y } : { crv, kty, x }), 'base64url');
};

const named = (keyId: string): KeyNames => ({ keyId, signatureAgent: undefined });
/** Why a key is not found; one that is found is an error here. */
async function reasonOf(findKey: FindKey, names: KeyNames): Promise<string> {
  const error: unknown = await (async () => findKey(names))().catch((failure: unknown) => failure);
  expect(error).toMatchObject({ code: 'SIGNATURE_KEY_UNKNOWN', statusCode: 401 });
  return (error as Error).message;
}

const NOT_PUBLIC = [
  '127.0.0.1 127.255.255.254 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254',
  '100.64.0.1 192.0.0.1 198.18.0.1 224.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1',
  '::ffff:7f00:1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 fc00::1 fd12::1 fe80::1 fec0::1 ff02::1',
  '2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 100::1',
].flatMap((line) => line.split(' '));

describe('an address', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  test.each(NOT_PUBLIC)('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('where the gateway itself resolves names', () => {
  const sockets: unknown[] = [];
  const listener = createServer((socket) => sockets.push(socket.destroy()));
  let port: number;
  beforeAll(async () => {
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    ({ port } = listener.address() as AddressInfo);
  });
  afterAll(() => void listener.close());

  test.each([
    // A server of names may know it or not.
    ['localhost', 'address'],
    ['127.0.0.1', 'its host is no name'],
    ['127.1', 'its host is no name'],
    ['2130706433', 'its host is no name'],
    ['0x7f000001', 'its host is no name'],
    ['0x7f.1', 'its host is no name'],
    ['0177.0.0.1', 'its host is no name'],
    ['017700000001', 'its host is no name'],
    ['%31%32%37.0.0.1', 'no URL follows'],
    ['[::1]', 'no URL follows'],
    ['%5B%3A%3A1%5D', 'no URL follows'],
    ['user@localhost', 'no URL follows'],
    ['localhost/..', 'no URL follows'],
  ])('did:web:%s reaches nothing on this machine', async (host, words) => {
    const reason = await reasonOf(createFindKey(), named(`did:web:${host}%3A${port}#key`));
    expect(reason).toContain(words);
    expect(sockets).toEqual([]);
  });

  test.each([
    ['https://localhost', 'address'],
    ['https://[::ffff:127.0.0.1]', 'its host is no name'],
    ['https://[::1]', 'its host is no name'],
    ['https://0x7f000001', 'its host is no name'],
    ['https://2130706433', 'its host is no name'],
    ['http://localhost', 'names no origin of https'],
    ['file:///etc', 'names no origin of https'],
    ['data:application/json,{}', 'names no origin of https'],
  ])('and so does Signature-Agent: "%s"', async (origin, words) => {
    const at = origin.startsWith('http') ? `${origin}:${port}` : origin;
    const signatureAgent = { field: `"${at}"`, label: undefined };
    expect(await reasonOf(createFindKey(), { keyId: 'k', signatureAgent })).toContain(words);
    expect(sockets).toEqual([]);
  });

  test.each([
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['fd00::1']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
  ])('a name with the addresses %j is not asked', async (addresses) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const findKey = createFindKey({ resolve: () => Promise.resolve(found) });
    const reason = await reasonOf(findKey, named(`did:web:${HOST}%3A${port}#key`));
    expect(reason).toContain('its address is not public');
    expect(sockets).toEqual([]);
  });

  test('a name that nobody knows', async () => {
    const findKey = createFindKey({ resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await reasonOf(findKey, named(`did:web:${HOST}#key`))).toContain('has no address');
  });
});

describe('a document', () => {
  let site: AgentSite;
  let findKey: FindKey;
  let did: string;
  const find = (fragment = '#key-1', options: FetchOptions = {}) =>
    createFindKey({ ...site.network, ...options })(named(`${did}${fragment}`));
  const reason = (fragment = '#key-1', options: FetchOptions = {}) =>
    reasonOf(createFindKey({ ...site.network, ...options }), named(`${did}${fragment}`));

  beforeEach(async () => {
    site = await startAgentSite();
    findKey = createFindKey(site.network);
    did = `did:web:${HOST}%3A${site.port}`;
  });
  afterEach(() => site.close());

  const PATH = '/.well-known/did.json';
  const documentOf = (more: object = {}, of = did) => ({
    id: of,
    verificationMethod: [
      { id: `${of}#key-1`, type: 'JsonWebKey', controller: of, publicKeyJwk: jwkOf(ed) },
      {
        id: '#key-2',
        type: 'Multikey',
        controller: of,
        publicKeyMultibase: p256.did.slice('did:key:'.length),
      },
      { id: `${of}#unused`, type: 'JsonWebKey', controller: of, publicKeyJwk: jwkOf(p256) },
    ],
    authentication: [`${of}#key-1`, '#key-2'],
    ...more,
  });

  test('has keys as a JWK and as a Multikey', async () => {
    site.serve(PATH, documentOf());
    expect(await find('#key-1')).toMatchObject({ did, key: { algorithm: 'ed25519' } });
    const { key } = await find('#key-2');
    expect(key.algorithm).toBe('ecdsa-p256-sha256');
    expect(key.key.export({ format: 'jwk' })).toEqual(jwkOf(p256));
  });

  test('may stand below a path, and have a method under authentication itself', async () => {
    const below = `${did}:agents:ann`;
    const method = { id: '#only', type: 'JsonWebKey', publicKeyJwk: jwkOf(p256) };
    site.serve('/agents/ann/did.json', { id: below, authentication: [method] });
    for (const keyId of [`${below}#only`, below]) {
      const found = await createFindKey(site.network)(named(keyId));
      expect(found).toMatchObject({ did: below, key: { algorithm: 'ecdsa-p256-sha256' } });
    }
  });

  test.each([
    ['a key that it has not', documentOf, '#key-9', 'has no key #key-9'],
    ['a key that is not for authentication', documentOf, '#unused', 'has no key #unused'],
    ['no fragment where it has two keys', documentOf, '', 'has to name one behind #'],
    [
      'no key for authentication',
      () => documentOf({ authentication: [] }),
      '#key-1',
      'has no Ed25519',
    ],
    [
      'the document of another DID',
      () => documentOf({ id: 'did:web:victim.example' }),
      '#key-1',
      'of another DID',
    ],
    ['a list', () => [], '#key-1', 'of another DID'],
    [
      'what is no list of methods',
      () => documentOf({ verificationMethod: {}, authentication: '#key-1' }),
      '#key-1',
      'has no Ed25519',
    ],
    [
      'a key of RSA',
      () =>
        documentOf({
          authentication: [{ id: '#key-1', publicKeyJwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }],
        }),
      '#key-1',
      'has no Ed25519',
    ],
    [
      'a point that is not on the curve',
      () =>
        documentOf({
          authentication: [{ id: '#key-1', publicKeyJwk: { ...jwkOf(p256), y: jwkOf(p256).x } }],
        }),
      '#key-1',
      'has no Ed25519',
    ],
  ])('is of no use with %s', async (_name, make, fragment, words) => {
    site.serve(PATH, make());
    expect(await reason(fragment)).toContain(words);
  });

  test('that is not there is a 404', async () => {
    expect(await reason()).toContain('with the status 404');
  });

  test('is not looked for behind a redirect', async () => {
    site.serve('/there', documentOf());
    site.serve(PATH, (_request, response) => response.writeHead(302, { location: '/there' }).end());
    expect(await reason()).toContain('with the status 302');
    expect(site.asked).toEqual([PATH]);
  });

  test('that never ends is left', async () => {
    const closed = Promise.withResolvers<void>();
    site.serve(PATH, (_request, response) => {
      response.once('close', () => closed.resolve());
      const write = (): void => {
        if (!response.destroyed) response.write('x'.repeat(8_192), () => setImmediate(write));
      };
      write();
    });
    expect(await reason()).toContain('more than 65536 bytes');
    await closed.promise;
  });

  test.each([
    ['says nothing', (): void => undefined],
    ['begins and stops', (response: { write(text: string): void }) => response.write('{')],
  ])('of a site that %s is left', async (_name, answer) => {
    site.serve(PATH, (_request, response) => {
      answer(response);
    });
    expect(await reason('#key-1', { timeoutMs: 100 })).toContain('more than 100 ms');
  });

  test('that is no JSON', async () => {
    site.serve(PATH, (_request, response) => response.end('<html>'));
    expect(await reason()).toContain('is no JSON');
  });

  test('of a site whose certificate nobody vouches for', async () => {
    site.serve(PATH, documentOf());
    const { ca: _ca, ...network } = site.network;
    const strict = createFindKey(network);
    expect(await reasonOf(strict, named(`${did}#key-1`))).toContain('unable to verify');
    expect(site.asked).toEqual([]);
  });

  test('of a site with the certificate of another', async () => {
    const other = `did:web:other.example%3A${site.port}`;
    expect(await reasonOf(findKey, named(`${other}#key-1`))).toMatch(/altnames/i);
    expect(site.asked).toEqual([]);
  });

  test('is asked for at the address that was checked, whatever the name means a moment later', async () => {
    site.serve(PATH, documentOf());
    const answers = ['127.0.0.1', '10.9.9.9'];
    const checked: string[] = [];
    await find('#key-1', {
      resolve: () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]),
      isAllowed: (address) => checked.push(address) > 0,
    });
    expect([checked, answers, site.asked]).toEqual([['127.0.0.1'], ['10.9.9.9'], [PATH]]);
  });

  test('is fetched once for many, and kept, also where it was not there', async () => {
    const names = named(`${did}#key-1`);
    const misses = await Promise.all(Array.from({ length: 20 }, () => reasonOf(findKey, names)));
    expect(new Set(misses).size).toBe(1);
    site.serve(PATH, documentOf());
    await reasonOf(findKey, names);
    expect(site.asked).toEqual([PATH]);
  });

  test('is fetched anew when its time is over', async () => {
    const real = performance.now.bind(performance);
    let passedMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => real() + passedMs);
    const names = named(`${did}#key-1`);
    await reasonOf(findKey, names);
    site.serve(PATH, documentOf());
    passedMs += 25_000;
    await reasonOf(findKey, names);
    passedMs += 5_001;
    await findKey(names);
    site.serve(PATH, documentOf({ authentication: ['#key-2'] }));
    passedMs += 290_000;
    await findKey(names);
    passedMs += 10_001;
    expect(await reasonOf(findKey, names)).toContain('has no key');
    expect(site.asked).toHaveLength(3);
    clock.mockRestore();
  });

  test('has to wait its turn where too many others are on their way', async () => {
    const held: (() => void)[] = [];
    const impatient = createFindKey({
      ...site.network,
      resolve: () => new Promise((answer) => held.push(() => answer([]))),
    });
    const some = Array.from({ length: 32 }, (_, i) =>
      reasonOf(impatient, named(`did:web:a${i}.example#k`)),
    );
    expect(await reasonOf(impatient, named('did:web:late.example#k'))).toContain('too many others');
    await vi.waitFor(() => expect(held).toHaveLength(32), 30_000);
    for (const answer of held) answer();
    await Promise.all(some);
  });

  describe('of Web Bot Auth', () => {
    const DIRECTORY = '/.well-known/http-message-signatures-directory';
    const origin = () => `https://${HOST}:${site.port}`;
    beforeEach(() => site.serve(DIRECTORY, { keys: [{ kty: 'RSA' }, jwkOf(p256), jwkOf(ed)] }));

    test.each([
      ['a dictionary', () => `sig1="${origin()}"`, 'sig1'],
      [
        'a dictionary with a type',
        () => `a="https://a.example", b="${origin()}";type=directory`,
        'b',
      ],
      ['a dictionary of one, covered whole', () => `sig1="${origin()}"`, undefined],
      ['a text', () => `"${origin()}"`, undefined],
    ])('is named by %s', async (_name, field, label) => {
      const signatureAgent = { field: field(), label };
      const keyId = thumbprintOf(ed);
      expect(await findKey({ keyId, signatureAgent })).toMatchObject({
        did,
        key: { algorithm: 'ed25519' },
      });
    });

    test.each([
      ['another type of document', () => `sig1="${origin()}";type=jwks_uri`, 'sig1'],
      ['a member that is not there', () => `sig1="${origin()}"`, 'sig2'],
      ['a path', () => `sig1="${origin()}/keys"`, 'sig1'],
      ['two members, covered whole', () => `a="${origin()}", b="${origin()}"`, undefined],
      ['no text', () => 'sig1=1', 'sig1'],
      ['no structured field', () => origin(), undefined],
    ])('is not asked for by %s', async (_name, field, label) => {
      const signatureAgent = { field: field(), label };
      const why = await reasonOf(findKey, { keyId: thumbprintOf(ed), signatureAgent });
      expect(why).toContain('names no origin of https');
      expect(site.asked).toEqual([]);
    });

    test('has no key of another thumbprint', async () => {
      const signatureAgent = { field: `"${origin()}"`, label: undefined };
      const keyId = thumbprintOf(makeKey());
      expect(await reasonOf(findKey, { keyId, signatureAgent })).toContain('has no key');
    });

    test('lets the agent bid as the did:web of its origin, where the signature covers it', async () => {
      const gateway = await startGateway({ auth: { mode: 'required', findKey } });
      const url = 'http://aura.example/v1/negotiate';
      const body = JSON.stringify({ item_id: 'desk', bid_amount: 10, agent_did: did });
      const covered = ['"@method"', '"@target-uri"', '"content-digest"'];
      const signing = {
        key: p256,
        url,
        body,
        fields: { 'signature-agent': `agent="${origin()}"` },
        params: { keyid: thumbprintOf(p256), tag: 'web-bot-auth' },
      };
      const send = (more: readonly string[]) =>
        gateway.post('/v1/negotiate', body, {
          host: 'aura.example',
          ...signFields({ ...signing, covered: [...covered, ...more] }),
        });
      expect((await send(['"signature-agent";key="agent"'])).statusCode).toBe(200);
      expect(expectProblem(await send([]), 401).detail).toContain('covers no Signature-Agent');
      await gateway.close();
    });
  });
});
