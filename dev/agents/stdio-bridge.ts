/**
 * Lets clients of MCP that can only start commands reach a gateway: what they write goes to its `/mcp`, and
 * its answers come back. Nothing but messages goes to stdout.
 */
import { Readable } from 'node:stream';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { Command } from 'commander';
import { findWrongParts } from '../../api-gateway/src/body-parts.ts';
import { readUrl } from '../traces/urls.ts';

/** The number of a failure that is the bridge's, and not the gateway's. */
const SERVER_ERROR = -32_000;
/** JSON-RPC's number of a message that is not as it has to be. */
const INVALID_REQUEST = -32_600;

new Command('npx -y pnpm@12 mcp')
  .description('lets clients of MCP that can only start commands reach a gateway')
  .addHelpText('after', '\nGATEWAY_URL names the gateway (http://127.0.0.1:8000).')
  .allowExcessArguments(false)
  .parse();
const gateway = gatewayUrl();
const stdio = new StdioServerTransport(Readable.from(refuseWrongKeys(process.stdin)));
const http = new StreamableHTTPClientTransport(new URL(`${gateway}/mcp`));
type Message = Parameters<typeof stdio.send>[0];

/** The requests that are being answered, by their ids. */
const underWay = new Map<string | number, AbortController>();

/** Ends the bridge with one line where GATEWAY_URL is none. */
function gatewayUrl(): string {
  const local = 'http://127.0.0.1:8000';
  try {
    return readUrl('GATEWAY_URL', process.env['GATEWAY_URL'] || local, local);
  } catch (error) {
    complain(error as Error);
    return process.exit(2);
  }
}

/** A parser would take the last of two values, and the gateway could not refuse them any more. */
async function* refuseWrongKeys(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of input) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (!(await wasRefused(line))) yield Buffer.from(`${line}\n`);
  }
}

async function wasRefused(line: string): Promise<boolean> {
  const id = idOf(line);
  const [wrong] = id === undefined ? [] : findWrongParts(line);
  if (id === undefined || wrong === undefined) return false;
  const message = `${wrong.path} ${wrong.message}`;
  await stdio.send({ jsonrpc: '2.0', id, error: { code: INVALID_REQUEST, message } });
  return true;
}

/** @returns undefined for what is no JSON, and for what nobody waits for */
function idOf(line: string): string | number | undefined {
  try {
    const { id } = Object(JSON.parse(line)) as { readonly id?: string | number };
    return id;
  } catch {
    return undefined;
  }
}

async function forward(message: Message): Promise<void> {
  if (!('method' in message)) return;
  if (message.method === 'notifications/cancelled') {
    // The gateway keeps no session, so that it hears of this by the end of the request alone.
    underWay.get(message.params?.['requestId'] as string | number)?.abort();
    return;
  }
  if (!('id' in message)) return http.send(message);
  const abort = new AbortController();
  underWay.set(message.id, abort);
  try {
    await http.send(message, { requestSignal: abort.signal });
  } catch (error) {
    if (!abort.signal.aborted) await stdio.send(failure(message.id, error as Error));
  } finally {
    underWay.delete(message.id);
  }
}

function failure(id: string | number, { message, cause }: Error): Message {
  const unreachable = message === 'fetch failed' || cause !== undefined;
  const words = unreachable ? `Nobody answers at ${gateway}; GATEWAY_URL names another.` : message;
  return { jsonrpc: '2.0', id, error: { code: SERVER_ERROR, message: words } };
}

function complain({ message }: Error): void {
  process.stderr.write(`${message}\n`);
}

Object.assign(http, {
  onmessage: (message: Message): void => {
    if ('result' in message && typeof message.result['protocolVersion'] === 'string') {
      http.setProtocolVersion(message.result['protocolVersion']);
    }
    void stdio.send(message);
  },
});
Object.assign(stdio, {
  onmessage: (message: Message): void => void forward(message).catch(complain),
  onerror: complain,
  onclose: (): void => void http.close(),
});
await http.start();
await stdio.start();
