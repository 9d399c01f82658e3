/** Keeps pages away that a browser runs, also those that reach us by a name that was bent to our address. */
import {
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  validateHostHeader,
  validateOriginHeader,
} from '@modelcontextprotocol/server';
import type { FastifyRequest } from 'fastify';
import type { CorsOrigins } from '../cors.ts';
import { refusal } from '../refusal.ts';

export interface Guard {
  /** The host names that `/mcp` answers to beside those of this machine; undefined for any. */
  readonly hosts: readonly string[] | undefined;
  readonly corsOrigins: CorsOrigins | undefined;
}

/** @throws an error with the status 403 where the Host or the Origin is not one of ours */
export function checkOrigin(request: FastifyRequest, { hosts, corsOrigins }: Guard): void {
  const { host, origin } = request.headers;
  if (hosts !== undefined) {
    const { ok } = validateHostHeader(host, [...localhostAllowedHostnames(), ...hosts]);
    const detail = `/mcp does not answer under this Host; MCP_HOSTS of the gateway names those it does.`;
    if (!ok) throw refusal(403, 'HOST_NOT_ALLOWED', detail);
  }
  // Programs send no Origin. A browser sends one with each POST.
  if (origin === undefined || corsOrigins === '*' || corsOrigins?.includes(origin)) return;
  if (validateOriginHeader(origin, localhostAllowedOrigins()).ok) return;
  const detail =
    'Pages of this Origin may not call /mcp; CORS_ORIGINS of the gateway names those that may.';
  throw refusal(403, 'ORIGIN_NOT_ALLOWED', detail);
}
