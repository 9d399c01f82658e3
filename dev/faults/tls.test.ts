/** Both services as processes that show each other certificates, which are replaced while buyers are at it. */
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { TestDatabase } from '../../core-service/test/core-harness.ts';
import { addItem, startDatabase } from '../../core-service/test/core-harness.ts';
import type { Authority, Certified } from '../testing/certificates.ts';
import { makeAuthority } from '../testing/certificates.ts';
import type { PemFolder } from '../testing/pem-folder.ts';
import { makePemFolder } from '../testing/pem-folder.ts';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';
import { sendTraced } from '../testing/traced.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';
import { trees } from '../traces/trace-contract.ts';

/** Milliseconds that a service may take to notice a file: it looks every two seconds. */
const NOTICED_MS = 30_000;

let database: TestDatabase;
let folder: PemFolder;
let receiver: TraceReceiver;
let former: Authority;
let core: Service;
let gateway: Service;

/** Writes a pair. @returns the paths as the variables of a service that begin so */
function write(name: string, { certificate, key }: Certified) {
  return {
    certificate: folder.write(`${name}.pem`, certificate),
    key: folder.write(`${name}-key.pem`, key),
  };
}

beforeAll(async () => {
  database = await startDatabase();
  await addItem(database, { id: 'room', name: 'Quiet room', base: 10_000, floor: 6_000 });
  folder = makePemFolder();
  receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
  former = await makeAuthority('Former');
  const telemetry = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  const own = write('core', await former.sign(['core.internal']));
  core = await startService('core-service', {
    ...telemetry,
    GRPC_PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: process.env['TEST_DATABASE_URL'] ? '5' : '1',
    PRICING_SECRET: 'the same secret in each test',
    GRPC_TLS_CERTIFICATE: own.certificate,
    GRPC_TLS_KEY: own.key,
    GRPC_TLS_CA: folder.write('core-ca.pem', former.certificate),
  });
  const shown = write('gateway', await former.sign(['gateway.internal']));
  gateway = await startService('api-gateway', {
    ...telemetry,
    HTTP_PORT: '0',
    CORE_SERVICE_HOST: `127.0.0.1:${core.port}`,
    CORE_TLS_CERTIFICATE: shown.certificate,
    CORE_TLS_KEY: shown.key,
    CORE_TLS_CA: folder.write('gateway-ca.pem', former.certificate),
    CORE_TLS_SERVER_NAME: 'core.internal',
  });
});
afterAll(async () => {
  await gateway?.stop();
  await core?.stop();
  await receiver?.close();
  await database?.close();
  folder?.remove();
});

const urlOf = (path: string): string => `http://127.0.0.1:${gateway.port}${path}`;

async function bid(agent: string): Promise<number> {
  const body = { item_id: 'room', bid_amount: 50, agent_did: `did:example:${agent}` };
  const response = await fetch(urlOf('/v1/negotiate'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.body?.cancel();
  return response.status;
}

/** @returns the authority of the certificate that core shows to somebody with this pair */
async function issuerFor({ certificate, key }: Certified, ca: Authority): Promise<string> {
  const socket = connect({
    port: core.port,
    host: '127.0.0.1',
    servername: 'core.internal',
    ca: ca.certificate,
    cert: certificate,
    key,
    ALPNProtocols: ['h2'],
  });
  try {
    await once(socket, 'secureConnect');
    return new X509Certificate(socket.getPeerCertificate().raw).issuer;
  } finally {
    socket.destroy();
  }
}

function told(service: Service, event: string) {
  return service.lines.filter((line) => line['event'] === event);
}

/** Waits until a service has said so often that it has other certificates. */
function reloads(service: Service, times: number): Promise<void> {
  return vi.waitFor(
    () => expect(told(service, 'tls_certificates_reloaded')).toHaveLength(times),
    NOTICED_MS,
  );
}

test('a request over mutual TLS leaves one whole trace', async () => {
  const { status } = await sendTraced({
    gatewayUrl: urlOf(''),
    queryUrl: receiver.queryUrl,
    path: '/v1/negotiate',
    body: { item_id: 'room', bid_amount: 50, agent_did: 'did:example:traced' },
    expected: trees.negotiateByPolicy,
  });
  expect(status).toBe(200);
  expect(await (await fetch(urlOf('/readyz'))).json()).toMatchObject({ status: 'ready' });
});

test('the authority and all certificates are replaced, and no request is lost', async () => {
  const next = await makeAuthority('Next');
  const [forCore, forGateway, outsider] = (await Promise.all(
    ['core.internal', 'gateway.internal', 'outsider'].map((name) => next.sign([name])),
  )) as [Certified, Certified, Certified];
  const answers: number[] = [];
  const over = new AbortController();
  const buyers = [1, 2, 3, 4].map(async (buyer) => {
    for (let round = 0; !over.signal.aborted; round++) {
      answers.push(await bid(`${buyer}-${round}`));
      await pause(10);
    }
  });
  try {
    const both = `${former.certificate}\n${next.certificate}`;
    folder.write('core-ca.pem', both);
    folder.write('gateway-ca.pem', both);
    await Promise.all([reloads(core, 1), reloads(gateway, 1)]);

    // Half of the pair: core goes on with what it has.
    folder.write('core-key.pem', forCore.key);
    await vi.waitFor(
      () => expect(told(core, 'tls_certificates_refused')).toHaveLength(1),
      NOTICED_MS,
    );
    expect(told(core, 'tls_certificates_refused')[0]).toMatchObject({
      level: 'warn',
      problems: ['GRPC_TLS_KEY does not fit GRPC_TLS_CERTIFICATE'],
    });
    expect(await issuerFor(outsider, former)).toBe('CN=Former');
    folder.write('core.pem', forCore.certificate);
    await reloads(core, 2);
    expect(await issuerFor(outsider, next)).toBe('CN=Next');

    folder.write('gateway-key.pem', forGateway.key);
    folder.write('gateway.pem', forGateway.certificate);
    folder.write('gateway-ca.pem', next.certificate);
    await vi.waitFor(
      () => expect(told(gateway, 'tls_certificates_reloaded').length).toBeGreaterThan(1),
      NOTICED_MS,
    );
    folder.write('core-ca.pem', next.certificate);
    await reloads(core, 3);
    // Core ends each connection after five seconds and a tenth, and tells nobody.
    await pause(6_000);
  } finally {
    over.abort();
    await Promise.all(buyers);
  }
  expect(answers.length).toBeGreaterThan(100);
  expect(answers.filter((status) => status !== 200)).toEqual([]);
  expect(told(gateway, 'core_connection_failed')).toEqual([]);
  expect(told(core, 'tls_handshake_failed')).toEqual([]);
});

test('nothing of a certificate or a key is in a log or a trace', async () => {
  const traces = await (await fetch(`${receiver.queryUrl}/api/traces?service=aura-core`)).text();
  const lines = JSON.stringify([core.lines, gateway.lines]);
  expect(lines).toContain('tls_certificates_reloaded');
  expect(lines + traces).not.toMatch(/BEGIN|PRIVATE|MII/);
});
