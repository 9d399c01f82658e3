/**
 * Fetches the documents that agents name, over https alone and from the public internet alone: whoever sends
 * a request chooses the address, so that it must lead to nothing that only the gateway can reach.
 */
import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Milliseconds for the whole of it: the name, the connection and the document. */
const TIMEOUT_MS = 2_000;
/** Bytes of a document; a longer one is not read. */
const MAX_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

/** Tests bring a network of their own; production has none of these. */
export interface FetchOptions {
  readonly resolve?: Resolve;
  readonly isAllowed?: (address: string) => boolean;
  readonly ca?: string;
  readonly timeoutMs?: number;
}

/** Finds all addresses of a name. @throws Error where it has none */
type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

/** Asks a server of names itself: names that hang would keep the threads that all of Node's `lookup` share. */
const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });

async function resolveByDns(name: string): Promise<readonly LookupAddress[]> {
  const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return found.flatMap((each, i) => {
    const addresses = each.status === 'fulfilled' ? each.value : [];
    return addresses.map((address) => ({ address, family: i === 0 ? 4 : 6 }));
  });
}

/**
 * Gets a JSON document.
 *
 * @param url of https, with a name for its host
 * @param accept the media types that are asked for
 * @throws Error that says in a few words what was wrong
 */
export async function fetchJson(
  url: URL,
  accept: string,
  options: FetchOptions = {},
): Promise<unknown> {
  if (url.protocol !== 'https:') throw new Error('it is not at https');
  // Node would connect to an address without asking for it; URL has made one of 2130706433 and 0x7f.1.
  if (isIP(url.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) throw new Error('its host is no name');
  if (url.username !== '' || url.password !== '') throw new Error('its URL has a password');
  const { timeoutMs = TIMEOUT_MS } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return JSON.parse(await download(url, accept, signal, options));
  } catch (error) {
    if (signal.aborted) throw new Error(`it took more than ${timeoutMs} ms`, { cause: error });
    if (error instanceof SyntaxError) throw new Error('it is no JSON', { cause: error });
    throw error;
  }
}

async function download(
  url: URL,
  accept: string,
  signal: AbortSignal,
  { resolve = resolveByDns, isAllowed = isPublicAddress, ca }: FetchOptions,
): Promise<string> {
  const options: RequestOptions = {
    agent: false,
    headers: { accept, 'user-agent': 'aura' },
    maxHeaderSize: MAX_HEADER_BYTES,
    lookup: checkedLookup(resolve, isAllowed),
    signal,
    ...(ca !== undefined && { ca }),
  };
  const response = await new Promise<IncomingMessage>((done, fail) => {
    request(url, options).on('error', fail).once('response', done).end();
  });
  return readText(response);
}

type Lookup = NonNullable<RequestOptions['lookup']>;

/**
 * Makes the lookup of a connection, so that the address that was checked is the one that is connected to.
 * A name with one address that is not public is refused whole.
 */
function checkedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): Lookup {
  const look = async (...[name, options, done]: Parameters<Lookup>): Promise<void> => {
    const addresses = await resolve(name).catch(() => []);
    const [first] = addresses;
    if (first === undefined) return done(new Error('its name has no address'), []);
    if (!addresses.every(({ address }) => isAllowed(address))) {
      return done(new Error('its address is not public'), []);
    }
    if (options.all) return done(null, [...addresses]);
    return done(null, first.address, first.family);
  };
  return (...asked) => void look(...asked);
}

async function readText(response: IncomingMessage): Promise<string> {
  const { statusCode = 0 } = response;
  try {
    if (statusCode !== 200) throw new Error(`it was answered with the status ${statusCode}`);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    response.destroy();
  }
}
