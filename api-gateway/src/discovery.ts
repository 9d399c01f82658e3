/**
 * What a program finds that knows nothing but the address: `/llms.txt` for models, a catalog at the well-known
 * path (of the AI Catalog), and the card of the MCP server that it names (SEP-2127, an experimental
 * extension of MCP).
 */
import type { FastifyRequest } from 'fastify';
import type { App } from './app-type.ts';
import { DESCRIPTION, writeLlmsTxt } from './llms-txt.ts';
import { PROTOCOL_VERSIONS } from './mcp/protocol.ts';
import { refusal } from './refusal.ts';
import { version } from './version.ts';

interface Options {
  /** The origin by which agents reach the gateway; undefined when each request tells it. */
  readonly publicUrl: string | undefined;
  readonly hasMcp: boolean;
}

const CARD_TYPE = 'application/mcp-server-card+json';
const CATALOG_TYPE = 'application/ai-catalog+json';
/** The path that the extension reserves for a card, and the one where many look for it. */
const CARD_PATHS = ['/mcp/server-card', '/.well-known/mcp/server-card.json'];
/** The extension takes no other schema, though nothing is served at its URL yet. */
const CARD_SCHEMA = 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json';
/** Seconds for which an answer may be kept; it changes with releases alone. */
const MAX_AGE_S = 3_600;

export function discoveryRoutes(app: App, { publicUrl, hasMcp }: Options): void {
  /** Another host may be told another origin, so that only browsers keep what a request told. */
  const keeping = `${publicUrl === undefined ? 'private' : 'public'}, max-age=${MAX_AGE_S}`;

  function serve(path: string, type: string, write: (origin: URL) => string): void {
    app.get(path, { schema: { hide: true } }, (request, reply) =>
      reply
        .headers({ 'cache-control': keeping, 'access-control-allow-origin': '*' })
        .type(type)
        .send(write(new URL(publicUrl ?? originOf(request)))),
    );
  }
  serve('/llms.txt', 'text/plain; charset=utf-8', ({ origin }) => writeLlmsTxt(origin, hasMcp));
  if (!hasMcp) return;
  for (const path of CARD_PATHS) serve(path, CARD_TYPE, writeCard);
  serve('/.well-known/ai-catalog.json', CATALOG_TYPE, writeCatalog);
}

/** @throws an error with the HTTP status where the Host header is no host */
function originOf({ protocol, host }: FastifyRequest): string {
  const origin = `${protocol}://${host}`;
  if (!URL.canParse(origin)) throw refusal(400, 'BAD_HOST', 'The Host header is not a host.');
  return origin;
}

function writeCard({ origin, hostname }: URL): string {
  const supportedProtocolVersions = PROTOCOL_VERSIONS;
  return JSON.stringify({
    $schema: CARD_SCHEMA,
    name: `${inReverse(hostname)}/aura`,
    title: 'Aura',
    description: DESCRIPTION,
    version,
    remotes: [{ type: 'streamable-http', url: `${origin}/mcp`, supportedProtocolVersions }],
  });
}

function writeCatalog({ origin, hostname }: URL): string {
  const entry = {
    identifier: `urn:air:${hostname}:aura`,
    displayName: 'Aura',
    type: CARD_TYPE,
    url: `${origin}${CARD_PATHS[0]}`,
  };
  return JSON.stringify({ specVersion: '1.0', entries: [entry] });
}

/** Returns a host as names in reverse DNS have it; an IP address has no such name. */
function inReverse(hostname: string): string {
  return /^\d|^\[/.test(hostname) ? 'localhost' : hostname.split('.').toReversed().join('.');
}
