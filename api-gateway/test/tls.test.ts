/** The gateway before cores that speak TLS, or not, each a real gRPC server. */
import { ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Authority, Certified } from '../../dev/testing/certificates.ts';
import { makeAuthority } from '../../dev/testing/certificates.ts';
import type { PemFolder } from '../../dev/testing/pem-folder.ts';
import { makePemFolder } from '../../dev/testing/pem-folder.ts';
import type { CoreTls } from '../src/core-credentials.ts';
import type { FakeCore } from './fake-core.ts';
import { startFakeCore } from './fake-core.ts';
import { expectProblem, startGateway } from './gateway.ts';

const HOUR_MS = 3_600_000;
const HOST = '127.0.0.1';
const bid = { item_id: 'hotel_alpha', bid_amount: 850, agent_did: 'did:example:buyer' };

let folder: PemFolder;
let ours: Authority;
let theirs: Authority;
let own: Certified;
beforeAll(async () => {
  folder = makePemFolder();
  ours = await makeAuthority('Ours');
  theirs = await makeAuthority('Theirs');
  own = await ours.sign(['api-gateway']);
});
afterAll(() => folder.remove());

/** @param ca asks callers for a certificate of it */
function credentialsOf({ certificate, key }: Certified, ca?: Authority): ServerCredentials {
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(certificate) };
  const roots = ca === undefined ? null : Buffer.from(ca.certificate);
  return ServerCredentials.createSsl(roots, [pair], ca !== undefined);
}

async function startCore(credentials = ServerCredentials.createInsecure()): Promise<FakeCore> {
  const core = await startFakeCore(0, credentials);
  onTestFinished(() => core.close());
  return core;
}

function file(variable: string, text: string) {
  return { variable, path: folder.write(`${variable}-${Math.random()}`, text) };
}

/** What the gateway has of certificates: whom it trusts, and what it shows. */
function tlsOf(ca: Authority, shown?: Certified, serverName?: string): CoreTls {
  return {
    serverName,
    files: {
      ca: file('CORE_TLS_CA', ca.certificate),
      certificate: shown && file('CORE_TLS_CERTIFICATE', shown.certificate),
      key: shown && file('CORE_TLS_KEY', shown.key),
    },
  };
}

async function start(target: string, tls?: CoreTls) {
  const gateway = await startGateway({ target, ...(tls && { tls }), timeoutMs: 10_000 });
  onTestFinished(gateway.close);
  const events = (name: string) => gateway.logLines().filter(({ event }) => event === name);
  return { ...gateway, events };
}

describe('a request gets through', () => {
  test.each<[string, () => Promise<[ServerCredentials, CoreTls]>]>([
    [
      'to a core of an authority that is trusted',
      async () => [credentialsOf(await ours.sign([HOST])), tlsOf(ours)],
    ],
    [
      'under another name than that of the address',
      async () => [credentialsOf(await ours.sign(['core'])), tlsOf(ours, undefined, 'core')],
    ],
    [
      'with a certificate of its own',
      async () => [
        credentialsOf(await ours.sign([HOST]), theirs),
        tlsOf(ours, await theirs.sign(['gw'])),
      ],
    ],
  ])('%s', async (_how, make) => {
    const [credentials, tls] = await make();
    const core = await startCore(credentials);
    const { app, post, events } = await start(core.target, tls);
    expect((await post('/v1/negotiate', bid)).statusCode).toBe(200);
    expect(core.bids).toHaveLength(1);
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    expect(events('core_connection_failed')).toEqual([]);
  });
});

/** How each end is configured, and what the gateway says of it. */
const REFUSED: readonly (readonly [
  string,
  string,
  () => Promise<[ServerCredentials, CoreTls?]>,
])[] = [
  [
    'core of another authority',
    'certificate_untrusted',
    async () => [credentialsOf(await theirs.sign([HOST])), tlsOf(ours)],
  ],
  [
    'core of another name',
    'certificate_name_differs',
    async () => [credentialsOf(await ours.sign(['other'])), tlsOf(ours)],
  ],
  [
    'core whose name is not the one that is asked for',
    'certificate_name_differs',
    async () => [credentialsOf(await ours.sign([HOST])), tlsOf(ours, undefined, 'core')],
  ],
  [
    'core whose certificate has expired',
    'certificate_expired',
    async () => [
      credentialsOf(
        await ours.sign([HOST], {
          from: new Date(Date.now() - 2 * HOUR_MS),
          to: new Date(Date.now() - HOUR_MS),
        }),
      ),
      tlsOf(ours),
    ],
  ],
  [
    'core whose certificate is of tomorrow',
    'certificate_expired',
    async () => [
      credentialsOf(
        await ours.sign([HOST], {
          from: new Date(Date.now() + HOUR_MS),
          to: new Date(Date.now() + 2 * HOUR_MS),
        }),
      ),
      tlsOf(ours),
    ],
  ],
  [
    'core without TLS',
    'tls_differs',
    async () => [ServerCredentials.createInsecure(), tlsOf(ours)],
  ],
  [
    'core with TLS, for a gateway without',
    'handshake_failed',
    async () => [credentialsOf(await ours.sign([HOST]))],
  ],
  [
    'core that asks for a certificate, and gets none',
    'certificate_refused',
    async () => [credentialsOf(await ours.sign([HOST]), ours), tlsOf(ours)],
  ],
  [
    'core that gets a certificate of another authority',
    'handshake_failed',
    async () => [
      credentialsOf(await ours.sign([HOST]), ours),
      tlsOf(ours, await theirs.sign(['gw'])),
    ],
  ],
];

test.each(REFUSED)('%s → 503, and %s is said', async (_who, reason, make) => {
  const [credentials, tls] = await make();
  const core = await startCore(credentials);
  const { app, post, events } = await start(core.target, tls);
  const answers = [await post('/v1/negotiate', bid), await post('/v1/search', { query: 'a' })];
  for (const answer of answers) {
    expect(expectProblem(answer, 503).type).toBe('urn:aura:problem:unavailable');
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).not.toMatch(/certificate|TLS|SSL|127\.0\.0\.1/i);
  }
  expect([...core.bids, ...core.searches]).toEqual([]);
  const ready = await app.inject('/readyz');
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toMatchObject({ dependencies: { core_service: reason } });
  expect((await app.inject('/health')).json()).toMatchObject({ checks: { core_service: reason } });
  // However many requests fail for it.
  expect(events('core_connection_failed')).toEqual([
    expect.objectContaining({ level: 'warn', reason, grpc_status: 'UNAVAILABLE' }),
  ]);
  expect(events('request_failed')[0]).toHaveProperty('grpc_message', expect.any(String));
});

test('once core has a certificate that is trusted, it is used and said', async () => {
  const bad = await startFakeCore(0, credentialsOf(await theirs.sign([HOST])));
  const { post, events } = await start(bad.target, tlsOf(ours));
  expectProblem(await post('/v1/negotiate', bid), 503);
  bad.close();
  const good = await startFakeCore(
    Number(bad.target.split(':')[1]),
    credentialsOf(await ours.sign([HOST])),
  );
  onTestFinished(() => good.close());
  await vi.waitFor(
    async () => expect((await post('/v1/negotiate', bid)).statusCode).toBe(200),
    30_000,
  );
  expect(events('core_connection_restored')).toHaveLength(1);
});

describe('before several cores', () => {
  const targetOf = (cores: readonly FakeCore[]): string =>
    `ipv4:${cores.map(({ target }) => target).join(',')}`;

  test('calls are spread over all of them', async () => {
    const made = await Promise.all([0, 1, 2].map(() => ours.sign(['core'])));
    const cores = await Promise.all(made.map((each) => startCore(credentialsOf(each, ours))));
    const { post } = await start(targetOf(cores), tlsOf(ours, own, 'core'));
    await vi.waitFor(async () => {
      expect((await post('/v1/negotiate', bid)).statusCode).toBe(200);
      for (const { bids } of cores) expect(bids.length).toBeGreaterThan(0);
    }, 30_000);
  });

  test('of which one speaks TLS and the other does not, each gateway uses the one that speaks as it does', async () => {
    const [plain, secured] = [
      await startCore(),
      await startCore(credentialsOf(await ours.sign(['core']), ours)),
    ];
    const target = targetOf([plain, secured]);
    const before = await start(target);
    const after = await start(target, tlsOf(ours, own, 'core'));
    for (let i = 0; i < 20; i++) {
      expect((await before.post('/v1/negotiate', bid)).statusCode).toBe(200);
      expect((await after.post('/v1/negotiate', bid)).statusCode).toBe(200);
    }
    expect([plain.bids.length, secured.bids.length]).toEqual([20, 20]);
  });
});
