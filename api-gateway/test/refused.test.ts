import { once } from 'node:events';
import { constants, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { negotiationService } from '@aura/proto';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { expect, onTestFinished, test } from 'vitest';
import type { CoreClient } from '../src/core-client.ts';
import { createCoreClient } from '../src/core-client.ts';
import { createLogger } from '../src/logger.ts';

const bid = { itemId: 'hotel_alpha', bidAmount: 850, agent: { did: 'did:example:buyer' } };

/** Starts a core whose connections are closing: it refuses so many calls before it takes one. */
async function startRefusing(times: number): Promise<{ client: CoreClient; seen: () => number }> {
  let seen = 0;
  const answer = negotiationService.Negotiate.responseSerialize({ sessionToken: 'sess_taken' });
  const server = createServer().listen(0, '127.0.0.1');
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    if (++seen <= times) return stream.close(constants.NGHTTP2_REFUSED_STREAM);
    const headers = { ':status': 200, 'content-type': 'application/grpc' };
    stream.respond(headers, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    // A gRPC frame begins with a byte that says it is not compressed, and the length.
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(answer.length, 1);
    stream.end(Buffer.concat([frame, answer]));
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createCoreClient({
    target: `127.0.0.1:${port}`,
    timeoutMs: 30_000,
    logger: createLogger({ level: 'silent', service: 'aura-gateway' }),
  });
  onTestFinished(() => {
    client.close();
    server.close();
  });
  return { client, seen: () => seen };
}

const { signal } = new AbortController();
const call = { requestId: 'order-7', signal, context: ROOT_CONTEXT };

test('a bid that core did not look at goes again', async () => {
  const { client, seen } = await startRefusing(5);
  expect(await client.negotiate(bid, call)).toMatchObject({ sessionToken: 'sess_taken' });
  expect(seen()).toBe(6);
});

test('but not for ever', async () => {
  const { client, seen } = await startRefusing(Infinity);
  await expect(client.negotiate(bid, call)).rejects.toMatchObject({ code: 14 });
  expect(seen()).toBe(8);
});
