import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Milliseconds between two looks at whether everybody has gone. */
const LOOK_MS = 50;

/**
 * Tells each client with its next answer to close the connection. One that was closed while it is idle may have
 * the client's next request on its way, which would get no answer.
 *
 * @param withinMs milliseconds after which those that stay are left to be closed
 */
export async function partFromClients(server: Server, withinMs: number): Promise<void> {
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close');
  });
  const count = promisify(server.getConnections.bind(server));
  const end = performance.now() + withinMs;
  while (performance.now() < end && (await count()) > 0) await wait(LOOK_MS);
}
