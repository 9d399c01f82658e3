/** This TCP proxy does to its connections what networks and dying machines do. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * `refuse`: nobody listens, and what was open is closed. `reset`: what is open and what comes is
 * reset. `black_hole`: everything connects and nothing gets through; it arrives when that is over.
 * `half_open`: the far ends are gone, and the near ones do not hear of it.
 */
export type ProxyFault =
  | 'none'
  | 'refuse'
  | 'reset'
  | 'black_hole'
  | 'half_open'
  | { readonly delayMs: number };

export interface FaultProxy {
  readonly port: number;
  /** @returns the URL with the proxy's address in place of its own */
  through(url: string): string;
  set(fault: ProxyFault): Promise<void>;
  /** Connections from now on lead there, to several places in turn; those that are open stay where they are. */
  leadTo(...urls: readonly string[]): void;
  close(): Promise<void>;
}

export async function startFaultProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<FaultProxy> {
  let fault: ProxyFault = 'none';
  let places = [target];
  let led = 0;
  /** A promise that is pending while nothing gets through. */
  let open = Promise.resolve();
  let release = (): void => undefined;
  const pairs = new Set<readonly [near: Socket, far: Socket]>();

  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (fault === 'reset') {
      near.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const far = connect(places[led++ % places.length] ?? target);
    const pair = [near, far] as const;
    pairs.add(pair);
    pump(near, far);
    pump(far, near);
    const gone = (): void => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    near.on('close', gone);
    far.on('close', () => {
      if (fault !== 'half_open') gone();
    });
  });

  function pump(from: Socket, to: Socket): void {
    from.setNoDelay(true).on('error', () => undefined);
    from.on('data', (bytes) => void pass(from, () => to.write(bytes)));
    from.on('end', () => void pass(from, () => fault === 'half_open' || to.end()));
  }

  /** Passes bytes on in order: the next ones are taken when these have got through. */
  async function pass(from: Socket, deliver: () => unknown): Promise<void> {
    from.pause();
    if (typeof fault === 'object') await wait(fault.delayMs);
    await open;
    deliver();
    from.resume();
  }

  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  const each = (act: (near: Socket, far: Socket) => void): void => {
    for (const [near, far] of pairs) act(near, far);
  };
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    each((near) => near.destroy());
    await closed;
  };

  return {
    port,
    through: (url) => Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).href,
    set: async (next) => {
      const before = fault;
      fault = next;
      release();
      open = Promise.resolve();
      if (next === 'black_hole') open = new Promise((resolve) => (release = resolve));
      // The near ends that did not hear of their far ends' end hear of it now.
      if (before === 'half_open') each((near, far) => far.destroyed && near.destroy());
      if (next === 'reset') each((near) => near.resetAndDestroy());
      if (next === 'half_open') each((_near, far) => far.destroy());
      if (next === 'refuse') await refuse();
      else if (!server.listening) await listen(port);
    },
    leadTo: (...urls) => {
      places = urls.map(placeOf);
    },
    close: async () => {
      release();
      await refuse();
    },
  };
}

/** Starts a proxy in front of a Postgres, or of whatever else the URL names. */
export function startFaultProxyFor(url: string): Promise<FaultProxy> {
  return startFaultProxy(placeOf(url));
}

function placeOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
