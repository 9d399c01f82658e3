import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A way to a database that can be cut and mended, as if the server had gone and come back. */
export interface Relay {
  readonly url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Holds back what clients send, as a database that does not get round to answering. */
  stall(): void;
  resume(): void;
}

export async function startRelay(databaseUrl: string): Promise<Relay> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const pairs = new Map<Socket, Socket>();
  let stalled = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    pairs.set(near, far);
    near.once('close', () => pairs.delete(near));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    url: Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href,
    cut: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    stall: () => {
      stalled = true;
      for (const [near, far] of pairs) near.unpipe(far);
    },
    resume: () => {
      // Piped twice, each byte would arrive twice.
      if (!stalled) return;
      stalled = false;
      for (const [near, far] of pairs) near.pipe(far);
    },
    mend: async () => {
      await listen(port);
    },
  };
}
