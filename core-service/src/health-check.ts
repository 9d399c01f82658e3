/** `node src/health-check.ts`: exits 0 when core on this machine is SERVING, for HEALTHCHECK. */
import { Client, credentials } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';

const TIMEOUT_MS = 2_000;
const { path, requestSerialize, responseDeserialize } = service['Check'] as unknown as {
  readonly path: string;
  readonly requestSerialize: (request: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => { readonly status: string };
};

const client = new Client(
  `127.0.0.1:${process.env['GRPC_PORT'] || '50051'}`,
  credentials.createInsecure(),
);
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
