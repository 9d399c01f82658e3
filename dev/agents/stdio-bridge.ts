/**
 * Lets clients of MCP that can only start commands reach a gateway: what they write goes to its `/mcp`, and
 * its answers come back. Nothing but messages goes to stdout.
 */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { Command } from 'commander';

/** The number of a failure that is the bridge's, and not the gateway's. */
const SERVER_ERROR = -32_000;

new Command('npx -y pnpm@12 mcp')
  .description('lets clients of MCP that can only start commands reach a gateway')
  .addHelpText('after', '\nGATEWAY_URL names the gateway (http://127.0.0.1:8000).')
  .allowExcessArguments(false)
  .parse();
const gateway = process.env['GATEWAY_URL'] || 'http://127.0.0.1:8000';
const stdio = new StdioServerTransport();
const http = new StreamableHTTPClientTransport(new URL('/mcp', gateway));
type Message = Parameters<typeof stdio.send>[0];

/** The requests that are being answered, by their ids. */
const underWay = new Map<string | number, AbortController>();

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
