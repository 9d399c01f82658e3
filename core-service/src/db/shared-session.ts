/** The embedded database: one session for all clients, in which each waits for the statements of the others. */
import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds that connections have to end by themselves. */
const END_MS = 500;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Tells whether all clients of a database share one session, as far as the config says it: who may have
 * one connection only, on this machine. Here silence is no sign that the database has gone, as it is
 * of a server beyond a network.
 */
export function sharesSession(config: {
  readonly url: string;
  readonly poolSize: number;
}): boolean {
  const { url, poolSize } = config;
  return poolSize === 1 && URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/** The sockets of connections that may wait for a session without end, so that they can be cut. */
export class OpenSockets {
  readonly #sockets = new Set<Socket>();

  /** Makes the socket of a new connection, for pg's option `stream`. */
  readonly open = (): Socket => {
    const socket = new Socket();
    this.#sockets.add(socket);
    return socket.once('close', () => this.#sockets.delete(socket));
  };

  /** Cuts what is still open a moment later, unless `ended` has come before. */
  async cutAfter(ended: Promise<unknown>): Promise<void> {
    await Promise.race([ended, wait(END_MS)]);
    for (const socket of this.#sockets) socket.destroy();
  }
}
