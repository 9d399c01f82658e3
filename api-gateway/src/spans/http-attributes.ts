/** The attributes of a request's span, by the semantic conventions of HTTP. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Attributes } from '@opentelemetry/api';
import parseForwarded from 'forwarded-parse';
import { redactSecrets } from '../redact.ts';

const METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
]);
/** Parameters of a query that the conventions ask to redact: each signs a URL for whoever has it. */
const SIGNATURES = [
  'sig',
  'Signature',
  'AWSAccessKeyId',
  'X-Goog-Signature',
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Security-Token',
];
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

interface Address {
  readonly host: string;
  readonly port: number | undefined;
}

/** Returns the method as the conventions name it; others than the known ones are `_OTHER`. */
export function knownMethod(method = 'GET'): string {
  return METHODS.has(method) ? method : '_OTHER';
}

/** Returns what is known of a request before it is answered; nothing in it is a secret. */
export function requestAttributes(request: IncomingMessage): Attributes {
  const { headers, socket, url = '/' } = request;
  const method = knownMethod(request.method);
  const queryAt = url.indexOf('?');
  const { host, port } = serverAddress(headers);
  const attributes: Attributes = {
    'http.request.method': method,
    'url.scheme': 'http',
    'server.address': host,
    'server.port': port,
    'network.peer.address': socket.remoteAddress,
    'network.peer.port': socket.remotePort,
    'network.protocol.version': request.httpVersion,
    'user_agent.original': headers['user-agent'] && redactSecrets(headers['user-agent']),
    'url.path': redactSecrets(queryAt < 0 ? url : url.slice(0, queryAt)),
    'client.address': clientAddress(headers) ?? socket.remoteAddress,
  };
  if (queryAt >= 0) attributes['url.query'] = redactSecrets(withoutSignatures(url, queryAt));
  if (method === '_OTHER') attributes['http.request.method_original'] = request.method;
  return attributes;
}

function withoutSignatures(url: string, queryAt: number): string {
  const query = new URLSearchParams(url.slice(queryAt + 1));
  for (const name of SIGNATURES) if (query.has(name)) query.set(name, 'REDACTED');
  return query.toString();
}

/** Returns where the caller sent the request, which a proxy before this gateway may tell. */
function serverAddress(headers: IncomingHttpHeaders): Partial<Address> {
  const { forwarded } = headers;
  if (forwarded !== undefined) {
    for (const { host, proto } of entriesOf(forwarded)) if (host) return addressOf(host, proto);
  }
  const host = first(headers['x-forwarded-host']);
  if (host) return addressOf(host, first(headers['x-forwarded-proto']));
  return headers.host ? addressOf(headers.host, 'http') : {};
}

/** Returns who asks as a proxy tells it, without the port. */
function clientAddress(headers: IncomingHttpHeaders): string | undefined {
  const { forwarded } = headers;
  if (forwarded !== undefined) {
    for (const entry of entriesOf(forwarded)) if (entry['for']) return hostOf(entry['for']);
  }
  const addresses = first(headers['x-forwarded-for']);
  return addresses === undefined ? undefined : hostOf(addresses.split(',', 1)[0]?.trim() ?? '');
}

function entriesOf(forwarded: string): readonly Record<string, string>[] {
  try {
    return parseForwarded(forwarded);
  } catch {
    return [];
  }
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function hostOf(address: string): string {
  const { hostname } = URL.parse(`http://${address}`) ?? { hostname: address };
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** Splits `name:port`; an IPv6 address keeps its brackets. */
function addressOf(text: string, proto: string | undefined): Address {
  const port = /:(\d{1,5})$/.exec(text);
  const isBareIpV6 = text.startsWith('[') ? text.endsWith(']') : text.split(':').length > 2;
  if (port === null || isBareIpV6) return { host: text, port: DEFAULT_PORTS[proto ?? ''] };
  return { host: text.slice(0, port.index), port: Number(port[1]) };
}
