/** Signed requests through the whole gateway, in every right and wrong way. */
import { decodeSignature, SIGNATURE_METADATA } from '@aura/proto';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failWith } from './fake-core.ts';
import type { Gateway } from './gateway.ts';
import { expectProblem, startGateway } from './gateway.ts';
import type { Signing } from './signing.ts';
import { makeKey, now, signFields } from './signing.ts';

const ORIGIN = 'https://aura.example';
const SEARCH = `${ORIGIN}/v1/search`;
const BID = `${ORIGIN}/v1/negotiate`;
const ed = makeKey('ed25519');
const p256 = makeKey('p256');

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({
    publicUrl: ORIGIN,
    auth: { mode: 'optional' },
    mcp: { hosts: undefined },
  });
});
afterAll(() => gateway.close());
beforeEach(() => gateway.core.reset());

const wish = JSON.stringify({ query: 'hostel' });
const bidOf = (did: string): string =>
  JSON.stringify({ item_id: 'desk', bid_amount: 10, agent_did: did });

/** Sends a search with these fields. */
const search = (fields: Record<string, string>, body = wish) =>
  gateway.post('/v1/search', body, fields);
const signedSearch = (signing: Partial<Signing> = {}) =>
  search(signFields({ key: ed, url: SEARCH, body: wish, ...signing }));

/** What core was told of the last search's signature. */
function toldCore() {
  const [bytes] = gateway.core.searches.at(-1)?.metadata.get(SIGNATURE_METADATA) ?? [];
  return Buffer.isBuffer(bytes) ? decodeSignature(bytes) : undefined;
}

describe('a right signature', () => {
  test.each([
    ['by Ed25519', { key: ed }],
    ['by ECDSA over P-256', { key: p256 }],
    ['that names its algorithm', { key: p256, params: { alg: 'ecdsa-p256-sha256' } }],
    ['whose keyid has the fragment', { params: { keyid: `${ed.did}#${ed.did.slice(8)}` } }],
    [
      'over the parts of the target',
      { covered: ['"@method"', '"@authority"', '"@path"', '"@query"', '"content-digest"'] },
    ],
    [
      'in another order of components',
      { covered: ['"content-digest"', '"@target-uri"', '"@method"'] },
    ],
    [
      'over a field besides',
      {
        covered: ['"@method"', '"@target-uri"', '"content-digest"', '"idempotency-key"'],
        fields: { 'idempotency-key': 'k1' },
      },
    ],
    ['that lasts an hour', { params: { created: now() - 1_800, expires: now() + 1_790 } }],
    ['of a clock that is four minutes ahead', { params: { created: now() + 240 } }],
    ['with another label', { label: 'buyer' }],
  ] satisfies [string, Partial<Signing>][])(
    '%s passes, and core is told',
    async (_name, signing) => {
      const before = now();
      const answer = await signedSearch(signing);
      expect([answer.statusCode, answer.body]).toEqual([200, '{"results":[]}']);
      const told = toldCore();
      expect(told).toMatchObject({
        agentDid: (signing as Partial<Signing>).key?.did ?? ed.did,
        nonces: [expect.stringMatching(/^[0-9a-f]{32}$/)],
        exchangeId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(told?.validUntilTimestamp).toBeGreaterThan(before);
    },
  );

  test('passes for a reservation, which has no body', async () => {
    const path = '/v1/reservations/AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ';
    const covered = ['"@method"', '"@target-uri"'];
    const headers = signFields({ key: ed, method: 'GET', url: `${ORIGIN}${path}`, covered });
    const answer = await gateway.app.inject({ url: path, headers });
    expect(answer.statusCode).toBe(200);
    const wrong = await gateway.app.inject({ url: path.replace('JYH2', 'JYH3'), headers });
    expectProblem(wrong, 401);
  });

  test('lets the agent bid by its own name, and marks the line', async () => {
    const body = bidOf(ed.did);
    const answer = await gateway.post(
      '/v1/negotiate',
      body,
      signFields({ key: ed, url: BID, body }),
    );
    expect(answer.statusCode).toBe(200);
    const [line] = gateway
      .logLines()
      .filter(({ event }) => event === 'request_completed')
      .slice(-1);
    expect(line).toMatchObject({ route: '/v1/negotiate', agent_verified: true });
  });

  test('by no other name', async () => {
    const body = bidOf(p256.did);
    const answer = await gateway.post(
      '/v1/negotiate',
      body,
      signFields({ key: ed, url: BID, body }),
    );
    const problem = expectProblem(answer, 403);
    expect(problem.type).toBe('urn:aura:problem:agent-not-signer');
    expect(problem.errors).toEqual([
      { path: 'agent_did', message: `must be ${ed.did}, which signed the request` },
    ]);
    expect(gateway.core.bids).toEqual([]);
  });

  test('is told again when core has seen its nonce', async () => {
    const detail = { reason: 'SIGNATURE_REPLAYED' };
    gateway.core.search = failWith(status.UNAUTHENTICATED, 'the nonce was used before', detail);
    const answer = await signedSearch();
    const problem = expectProblem(answer, 401);
    expect(problem.type).toBe('urn:aura:problem:signature-replayed');
    expect(answer.headers['accept-signature']).toMatch(
      /^sig1=\("@method" "@target-uri" "content-digest"\)/,
    );
  });
});

describe('a wrong signature', () => {
  const longer = ['"@method"', '"@target-uri"', '"content-digest"'];
  const swapped = (fields: Record<string, string>, from: string, to: string) => ({
    ...fields,
    'signature-input': fields['signature-input']!.replace(from, to),
  });
  const sign = (signing: Partial<Signing> = {}) =>
    signFields({ key: ed, url: SEARCH, body: wish, ...signing });
  const two = (first: Record<string, string>, second: Record<string, string>) => ({
    ...first,
    'signature-input': `${first['signature-input']}, ${second['signature-input']}`,
    signature: `${first['signature']}, ${second['signature']}`,
  });
  const without = (name: string) =>
    sign({ covered: longer.filter((each) => each !== `"${name}"`) });

  test.each([
    [
      'over another body',
      search_with(sign(), '{"query":"hotel"}'),
      'content-digest-wrong',
      'Content-Digest',
    ],
    [
      'whose digest is another body’s',
      search_with(sign({ fields: { 'content-digest': 'sha-256=:AAAA:' } })),
      'content-digest-wrong',
      'sha-256',
    ],
    [
      'whose digest is changed',
      search_with({ ...sign(), 'content-digest': 'sha-256=:AAAA:' }),
      'signature-wrong',
      'did not sign',
    ],
    [
      'for another host',
      search_with(sign({ url: 'https://other.example/v1/search' })),
      'signature-wrong',
      SEARCH,
    ],
    ['for another path', search_with(sign({ url: BID })), 'signature-wrong', SEARCH],
    [
      'for another scheme',
      search_with(sign({ url: SEARCH.replace('https', 'http') })),
      'signature-wrong',
      SEARCH,
    ],
    [
      'for another authority',
      search_with(
        sign({
          url: 'https://other.example/v1/search',
          covered: ['"@method"', '"@authority"', '"@path"', '"@query"', '"content-digest"'],
        }),
      ),
      'signature-wrong',
      SEARCH,
    ],
    ['for another method', search_with(sign({ method: 'PUT' })), 'signature-wrong', 'did not sign'],
    [
      'with its components in another order',
      search_with(swapped(sign(), '"@method" "@target-uri"', '"@target-uri" "@method"')),
      'signature-wrong',
      'did not sign',
    ],
    [
      'with a component taken away',
      search_with(
        swapped(
          sign({
            covered: [...longer, '"content-type"'],
            fields: { 'content-type': 'application/json' },
          }),
          ' "content-type"',
          '',
        ),
      ),
      'signature-wrong',
      'did not sign',
    ],
    [
      'with a component twice',
      search_with(swapped(sign(), '"@method"', '"@method" "@method"')),
      'signature-malformed',
      'stands there twice',
    ],
    [
      'with a parameter that was changed',
      search_with(swapped(sign({ params: { nonce: 'one' } }), 'one', 'two')),
      'signature-wrong',
      'did not sign',
    ],
    [
      'without @method',
      search_with(without('@method')),
      'signature-incomplete',
      'these too: @method.',
    ],
    [
      'without @target-uri',
      search_with(without('@target-uri')),
      'signature-incomplete',
      'these too: @target-uri.',
    ],
    [
      'without @query',
      search_with(sign({ covered: ['"@method"', '"@authority"', '"@path"', '"content-digest"'] })),
      'signature-incomplete',
      'these too: @query.',
    ],
    [
      'without content-digest',
      search_with(without('content-digest')),
      'signature-incomplete',
      'these too: content-digest.',
    ],
    [
      'over one digest alone',
      search_with(
        sign({ covered: ['"@method"', '"@target-uri"', '"content-digest";key="sha-256"'] }),
      ),
      'signature-incomplete',
      'these too: content-digest.',
    ],
    [
      'without anything',
      search_with(
        sign({
          covered: [],
          params: { created: undefined, nonce: undefined, keyid: undefined, tag: undefined },
        }),
      ),
      'signature-incomplete',
      'these too: @method, @target-uri, content-digest, created, nonce, keyid, tag.',
    ],
    [
      'with an empty nonce',
      search_with(sign({ params: { nonce: '' } })),
      'signature-incomplete',
      'these too: nonce.',
    ],
    [
      'with a nonce without end',
      search_with(sign({ params: { nonce: 'n'.repeat(257) } })),
      'signature-malformed',
      '256',
    ],
    [
      'for another application',
      search_with(sign({ params: { tag: 'shop' } })),
      'signature-incomplete',
      '"aura"',
    ],
    [
      'that ended by its age',
      search_with(sign({ params: { created: now() - 302 } })),
      'signature-expired',
      'ended',
    ],
    [
      'that ended as it says',
      search_with(sign({ params: { created: now() - 10, expires: now() - 2 } })),
      'signature-expired',
      'ended',
    ],
    [
      'from the future',
      search_with(sign({ params: { created: now() + 310 } })),
      'signature-not-yet-valid',
      'ahead',
    ],
    [
      'that would last for a day',
      search_with(sign({ params: { expires: now() + 86_400 } })),
      'signature-malformed',
      '3600',
    ],
    [
      'of another key of its kind',
      search_with(sign({ params: { keyid: makeKey().did } })),
      'signature-wrong',
      'did not sign',
    ],
    [
      'of a key of another kind',
      search_with(sign({ key: p256, params: { keyid: ed.did } })),
      'signature-wrong',
      'did not sign',
    ],
    [
      'by ECDSA in DER',
      search_with(sign({ key: p256, encoding: 'der' })),
      'signature-wrong',
      'did not sign',
    ],
    [
      'that names another algorithm',
      search_with(sign({ params: { alg: 'ecdsa-p256-sha256' } })),
      'signature-algorithm-wrong',
      'another algorithm than ed25519',
    ],
    [
      'that names an algorithm we do not take',
      search_with(sign({ params: { alg: 'hmac-sha256' } })),
      'signature-algorithm-wrong',
      'another algorithm than ed25519',
    ],
    [
      'of a did:key that is none',
      search_with(sign({ params: { keyid: 'did:key:z6Mk1' } })),
      'signature-key-unknown',
      'no did:key',
    ],
    [
      'of a did:key of a kind that we do not take',
      search_with(
        sign({ params: { keyid: 'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme' } }),
      ),
      'signature-key-unknown',
      'no did:key',
    ],
    [
      'of a did:key with another fragment',
      search_with(sign({ params: { keyid: `${ed.did}#key-1` } })),
      'signature-key-unknown',
      'no did:key',
    ],
    [
      'of a key without a place',
      search_with(sign({ params: { keyid: 'my key' } })),
      'signature-key-unknown',
      'neither a did:key nor a did:web',
    ],
    [
      'of which a byte is missing',
      search_with({ ...sign(), signature: 'sig1=:AAAA:' }),
      'signature-wrong',
      'did not sign',
    ],
    [
      'that is empty',
      search_with({ ...sign(), signature: 'sig1=::' }),
      'signature-wrong',
      'did not sign',
    ],
    [
      'without Signature',
      search_with(omit(sign(), 'signature')),
      'signature-malformed',
      'signature',
    ],
    [
      'without Signature-Input',
      search_with(omit(sign(), 'signature-input')),
      'signature-malformed',
      'signature-input',
    ],
    [
      'under another label',
      search_with({ ...sign(), signature: 'sig2=:AAAA:' }),
      'signature-malformed',
      'label',
    ],
    [
      'that is no structured field',
      search_with({ ...sign(), signature: 'sig1=AAAA' }),
      'signature-malformed',
      'no byte sequence',
    ],
    [
      'whose input is none',
      search_with({ ...sign(), 'signature-input': '(((' }),
      'signature-malformed',
      'no dictionary',
    ],
    [
      'over a field that is not there',
      search_with(swapped(sign(), '"@method"', '"@method" "x-gone"')),
      'signature-malformed',
      'x-gone',
    ],
    [
      'over an unknown component',
      search_with(swapped(sign(), '"@method"', '"@method" "@moon"')),
      'signature-malformed',
      '@moon',
    ],
    [
      'beside a right one',
      search_with(two(sign(), { ...sign({ label: 'sig2' }), signature: 'sig2=:AAAA:' })),
      'signature-wrong',
      'did not sign',
    ],
    [
      'before a right one',
      search_with(two({ ...sign(), signature: 'sig1=:AAAA:' }, sign({ label: 'sig2' }))),
      'signature-wrong',
      'did not sign',
    ],
    [
      'of a second agent',
      search_with(two(sign(), sign({ label: 'sig2', key: p256 }))),
      'signature-malformed',
      'two agents',
    ],
    [
      'beside two others',
      search_with(two(two(sign(), sign({ label: 'sig2' })), sign({ label: 'sig3' }))),
      'signature-malformed',
      'at most 2',
    ],
  ])('%s is refused', async (_name, send, type, words) => {
    const answer = await send();
    const problem = expectProblem(answer, 401);
    expect(problem).toMatchObject({
      type: `urn:aura:problem:${type}`,
      detail: expect.stringContaining(words),
    });
    expect(answer.headers['accept-signature']).toMatch(
      /;created;expires;keyid;nonce="[\w-]{22}";tag="aura"$/,
    );
    expect(gateway.core.searches).toEqual([]);
  });

  function search_with(fields: Record<string, string>, body = wish) {
    return () => search(fields, body);
  }
  function omit(fields: Record<string, string>, name: string) {
    const { [name]: _left, ...rest } = fields;
    return rest;
  }

  test('two right ones of one agent pass, and core hears of both nonces', async () => {
    const answer = await search(two(sign(), sign({ label: 'sig2' })));
    expect(answer.statusCode).toBe(200);
    expect(toldCore()?.nonces).toHaveLength(2);
  });

  test('is logged by its reason, without anything of the request', async () => {
    await signedSearch({ params: { nonce: 'private-nonce', created: now() - 1_000 } });
    const lines = gateway.logLines().filter(({ event }) => event === 'signature_refused');
    expect(lines.at(-1)).toMatchObject({ reason: 'SIGNATURE_EXPIRED', level: 'info' });
    expect(JSON.stringify(gateway.logLines())).not.toContain('private-nonce');
  });
});

describe('over MCP', () => {
  const call = (did: string): string =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'negotiate', arguments: { item_id: 'desk', bid_amount: 10, agent_did: did } },
    });
  const url = `${ORIGIN}/mcp`;
  const send = (body: string, signing: Partial<Signing> = {}) =>
    gateway.post('/mcp', body, {
      'mcp-protocol-version': '2025-11-25',
      ...signFields({ key: ed, url, body, ...signing }),
    });

  test('a signed message bids as its signer', async () => {
    const answer = await send(call(ed.did));
    expect(answer.json().result.structuredContent.status).toBe('countered');
    const [bytes] = gateway.core.bids[0]!.metadata.get(SIGNATURE_METADATA);
    expect(decodeSignature(bytes as Buffer).agentDid).toBe(ed.did);
  });

  test('and as nobody else', async () => {
    const { result } = (await send(call(p256.did))).json();
    expect(result.isError).toBe(true);
    expect(result.content[1].text).toContain('agent-not-signer');
    expect(gateway.core.bids).toEqual([]);
  });

  test('a wrong signature is an error of the protocol with the problem', async () => {
    const answer = await send(call(ed.did), { url: SEARCH });
    expect(answer.statusCode).toBe(401);
    expect(answer.json().error.data.type).toBe('urn:aura:problem:signature-wrong');
    expect(answer.headers['accept-signature']).toMatch(/^sig1=/);
  });
});

describe('without a signature', () => {
  test('a request is answered as ever, and counts as not verified', async () => {
    const answer = await search({});
    expect(answer.statusCode).toBe(200);
    expect(toldCore()).toBeUndefined();
    const [line] = gateway
      .logLines()
      .filter(({ event }) => event === 'request_completed')
      .slice(-1);
    expect(line).toMatchObject({ agent_verified: false });
  });

  test('where one is required, bids, searches and MCP are refused, and all else is answered', async () => {
    const strict = await startGateway({ auth: { mode: 'required' }, mcp: { hosts: undefined } });
    for (const [path, body] of [
      ['/v1/search', wish],
      ['/v1/negotiate', bidOf('anybody')],
    ] as const) {
      const answer = await strict.post(path, body);
      expect(expectProblem(answer, 401).type).toBe('urn:aura:problem:signature-required');
      expect(answer.headers['accept-signature']).toMatch(/^sig1=/);
    }
    const mcp = await strict.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect([mcp.statusCode, mcp.json().error.data.type]).toEqual([
      401,
      'urn:aura:problem:signature-required',
    ]);
    const open = [
      '/healthz',
      '/readyz',
      '/health',
      '/openapi.json',
      '/llms.txt',
      '/.well-known/ai-catalog.json',
      '/v1/reservations/AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ',
    ];
    for (const url of open) expect((await strict.app.inject(url)).statusCode).toBe(200);
    const host = 'aura.example';
    const fields = signFields({ key: ed, url: `http://${host}/v1/search`, body: wish });
    expect((await strict.post('/v1/search', wish, { host, ...fields })).statusCode).toBe(200);
    await strict.close();
  });

  test('where they are off, even a wrong one is passed over', async () => {
    const off = await startGateway({ auth: { mode: 'off' } });
    const answer = await off.post('/v1/search', wish, {
      signature: 'nonsense',
      'signature-input': '((',
    });
    expect(answer.statusCode).toBe(200);
    const line = off.logLines().find(({ event }) => event === 'request_completed');
    expect(line).not.toHaveProperty('agent_verified');
    await off.close();
  });
});
