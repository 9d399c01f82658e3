/** A site of agents, on this machine and over https, that serves what a test says, however badly. */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeAuthority } from '../../dev/testing/certificates.ts';
import type { FetchOptions } from '../src/signatures/keys/fetch-json.ts';

export const HOST = 'agent.example';

export interface AgentSite {
  readonly port: number;
  /** The paths that were asked for, in order. */
  readonly asked: string[];
  /** What finds the site under every name, though its address is not public. */
  readonly network: FetchOptions;
  /** Serves JSON, or does what a listener does. */
  serve(path: string, what: object | RequestListener): void;
  close(): Promise<void>;
}

export async function startAgentSite(): Promise<AgentSite> {
  const authority = await makeAuthority();
  const { key, certificate: cert } = await authority.sign([HOST, `*.${HOST}`]);
  const pages = new Map<string, object | RequestListener>();
  const asked: string[] = [];
  const server: Server = createServer({ key, cert }, (request, response) => {
    const { url = '' } = request;
    asked.push(url);
    const page = pages.get(url);
    if (typeof page === 'function') return (page as RequestListener)(request, response);
    response.writeHead(page ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(page ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    network: {
      ca: authority.certificate,
      isAllowed: () => true,
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    },
    serve: (path, what) => void pages.set(path, what),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
