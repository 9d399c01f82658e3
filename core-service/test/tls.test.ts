/** Core with TLS, as callers of every kind meet it, and its health beside it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Authority, Certified } from '../../dev/testing/certificates.ts';
import { makeAuthority } from '../../dev/testing/certificates.ts';
import { freePortPair } from '../../dev/testing/free-ports.ts';
import type { PemFolder } from '../../dev/testing/pem-folder.ts';
import { makePemFolder } from '../../dev/testing/pem-folder.ts';
import type { Core, TestDatabase } from './core-harness.ts';
import { startCore, startDatabase } from './core-harness.ts';
import { createGrpcClient } from './grpc-client.ts';

const HOUR_MS = 3_600_000;
const HEALTH_CHECK = join(import.meta.dirname, '../src/health-check.ts');
const run = promisify(execFile);

let database: TestDatabase;
let folder: PemFolder;
let ours: Authority;
let theirs: Authority;
let healthPort: number;
let env: Readonly<Record<string, string>>;
let core: Core;
beforeAll(async () => {
  database = await startDatabase();
  folder = makePemFolder();
  [ours, theirs] = await Promise.all([makeAuthority('Ours'), makeAuthority('Theirs')]);
  const own = await ours.sign(['127.0.0.1']);
  healthPort = await freePortPair();
  env = {
    GRPC_TLS_CERTIFICATE: folder.write('core.pem', own.certificate),
    GRPC_TLS_KEY: folder.write('core-key.pem', own.key),
    GRPC_TLS_CA: folder.write('ca.pem', ours.certificate),
  };
  core = await startCore(database, { env: { ...env, GRPC_HEALTH_PORT: String(healthPort) } });
});
afterAll(async () => {
  await core?.close();
  await database?.close();
  folder?.remove();
});

/** A caller who trusts `ca`, and shows a certificate where it has one. */
function callerOf(ca: Authority, shown?: Certified, port = core.port) {
  const [key, certificate] = shown
    ? [Buffer.from(shown.key), Buffer.from(shown.certificate)]
    : [null, null];
  const secured = credentials.createSsl(Buffer.from(ca.certificate), key, certificate);
  const client = createGrpcClient(port, secured);
  onTestFinished(() => client.close());
  return client;
}

const search = { query: 'desk' };

test('a caller with a certificate of the authority is answered', async () => {
  const client = callerOf(ours, await ours.sign(['api-gateway']));
  expect(await client.search(search)).toEqual({ results: [] });
  expect(await client.health('')).toBe('SERVING');
});

describe('is not answered, and said once', () => {
  test.each<[string, string, () => Promise<ReturnType<typeof callerOf>>]>([
    [
      'a caller without a certificate',
      'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE',
      async () => callerOf(ours),
    ],
    [
      'a caller of another authority',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      async () => callerOf(ours, await theirs.sign(['api-gateway'])),
    ],
    [
      'a caller whose certificate has expired',
      'CERT_HAS_EXPIRED',
      async () => {
        const now = Date.now();
        const validity = { from: new Date(now - 2 * HOUR_MS), to: new Date(now - HOUR_MS) };
        return callerOf(ours, await ours.sign(['api-gateway'], validity));
      },
    ],
    [
      'a caller without TLS',
      'ERR_SSL_WRONG_VERSION_NUMBER',
      async () => {
        const client = createGrpcClient(core.port);
        onTestFinished(() => client.close());
        return client;
      },
    ],
  ])('%s', async (_who, reason, make) => {
    const client = await make();
    for (let i = 0; i < 3; i++) {
      await expect(client.search(search)).rejects.toMatchObject({ code: 14 });
    }
    const lines = () =>
      core.events('tls_handshake_failed').filter((each) => each.reason === reason);
    await vi.waitFor(() => expect(lines()).toHaveLength(1), 10_000);
    // Node has forgotten the address of a connection that it closed itself.
    const peer = reason.startsWith('ERR_') ? '127.0.0.1' : undefined;
    expect(lines()[0]).toMatchObject({ level: 'warn', logger: 'server', ...(peer && { peer }) });
  });
});

test('a caller who trusts another authority does not speak with core', async () => {
  const client = callerOf(theirs, await ours.sign(['api-gateway']));
  await expect(client.search(search)).rejects.toMatchObject({ code: 14 });
});

test('nothing of a key or a certificate is in the log', () => {
  expect(core.log()).toContain('tls_certificates_loaded');
  expect(core.log()).not.toMatch(/BEGIN|PRIVATE|MII/);
});

test('without an authority core asks nobody for a certificate', async () => {
  const { GRPC_TLS_CA: _ca, ...rest } = env;
  const open = await startCore(database, { env: rest });
  onTestFinished(() => open.close());
  const client = callerOf(ours, undefined, open.port);
  expect(await client.search(search)).toEqual({ results: [] });
});

describe('health', () => {
  test('is served alone, and without TLS, on its own port', async () => {
    const client = createGrpcClient(healthPort);
    onTestFinished(() => client.close());
    expect(await client.health('')).toBe('SERVING');
    expect(await client.health('grpc.health.v1.Health')).toBe('SERVING');
    await expect(client.search(search)).rejects.toMatchObject({ code: 12 });
  });

  test.each(['the port of health', 'the port of the services, over TLS'])(
    'is asked for by the program of the image, at %s',
    async (where) => {
      const { PATH } = process.env;
      const port = { GRPC_PORT: String(core.port) };
      const more = where === 'the port of health' ? { GRPC_HEALTH_PORT: String(healthPort) } : env;
      const { stdout } = await run(process.execPath, [HEALTH_CHECK], {
        env: { PATH, ...port, ...more },
      });
      expect(stdout).toBe('SERVING\n');
    },
  );

  test('is not told to a program without certificates', async () => {
    const { PATH } = process.env;
    const asked = run(process.execPath, [HEALTH_CHECK], {
      env: { PATH, GRPC_PORT: String(core.port) },
    });
    await expect(asked).rejects.toMatchObject({ code: 1 });
  });
});
