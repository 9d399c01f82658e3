/** `node src/health-check.ts`: exits 0 when core on this machine is SERVING, for HEALTHCHECK. */
import { readFileSync } from 'node:fs';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { Client, credentials } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';

const TIMEOUT_MS = 2_000;
const { path, requestSerialize, responseDeserialize } = service['Check'] as unknown as {
  readonly path: string;
  readonly requestSerialize: (request: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => { readonly status: string };
};

/**
 * The port of health speaks without TLS. On the other one this program shows core's own certificate, which
 * core takes where callers must show one of its authority; it asks nothing of what core shows, because that
 * has the name of a service and not of this machine.
 */
function target(): { readonly port: string; readonly as: ChannelCredentials } {
  const { GRPC_PORT, GRPC_HEALTH_PORT, GRPC_TLS_CERTIFICATE, GRPC_TLS_KEY } = process.env;
  if (GRPC_HEALTH_PORT) return { port: GRPC_HEALTH_PORT, as: credentials.createInsecure() };
  const port = GRPC_PORT || '50051';
  if (!GRPC_TLS_CERTIFICATE || !GRPC_TLS_KEY) return { port, as: credentials.createInsecure() };
  const [certificate, key] = [readFileSync(GRPC_TLS_CERTIFICATE), readFileSync(GRPC_TLS_KEY)];
  const check = { rejectUnauthorized: false };
  return { port, as: credentials.createSsl(null, key, certificate, check) };
}

const { port, as } = target();
const client = new Client(`127.0.0.1:${port}`, as);
client.makeUnaryRequest(
  path,
  requestSerialize,
  responseDeserialize,
  { service: '' },
  { deadline: Date.now() + TIMEOUT_MS },
  (error, answer) => {
    client.close();
    const status = error ? error.message : answer?.status;
    process.stdout.write(`${status}\n`);
    process.exitCode = status === 'SERVING' ? 0 : 1;
  },
);
