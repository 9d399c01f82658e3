/** The end of a gateway, as the clients see it whose connections are kept alive. */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { partFromClients } from '../src/part.ts';

async function startServer() {
  const server = createServer((_request, response) => response.end('well')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => {
    agent.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const ask = async () => {
    const sent = request({ port, host: '127.0.0.1', agent }).end();
    const [response] = await once(sent, 'response');
    response.resume();
    await once(response, 'end');
    return { connection: response.headers.connection, isReused: sent.reusedSocket };
  };
  return { server, ask };
}

test('a client on an idle connection is answered, and told to close it', async () => {
  const { server, ask } = await startServer();
  await ask();
  const parted = partFromClients(server, 60_000);
  // The connection is open and idle: nobody has closed it under the client's next request.
  expect(await ask()).toEqual({ connection: 'close', isReused: true });
  await parted;
});

test('a client that says nothing is not waited for for ever', async () => {
  const { server, ask } = await startServer();
  await ask();
  await partFromClients(server, 1);
  expect(server.listening).toBe(true);
});
