/** This client speaks to Aura over MCP, with the official package: it knows the address, and finds the rest. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Client as Mcp, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Answer, Answered, Client, Item } from './client.ts';
import type { Signer } from './sign.ts';

/** How often a call is sent while the gateway says when to come back; then the client gives up. */
const TRIES = 4;

interface ToolResult {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: unknown;
}

/**
 * @param signer signs each request, where there is one
 * @throws Error that says in a line what was wrong, as the gateway put it
 */
export async function createMcpClient(gateway: string, signer?: Signer): Promise<Client> {
  let traceId = '';
  const client = new Mcp(
    { name: 'aura-buyer', version: '1.0.0' },
    { versionNegotiation: { mode: 'auto' } },
  );
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', gateway), {
    fetch: async (url, init) => {
      const response = await fetch(url, signed(url, init, signer));
      traceId = response.headers.get('x-trace-id') ?? '';
      return response;
    },
  });
  await client.connect(transport);

  async function call(name: string, args: Record<string, unknown>): Promise<Answered<unknown>> {
    for (let tries = 1; ; tries++) {
      const result = (await client.callTool({ name, arguments: args })) as unknown as ToolResult;
      if (!result.isError) return { body: result.structuredContent, traceId };
      const [words, problem] = result.content.map(({ text = '' }) => text);
      const retryAfter = Number(JSON.parse(problem ?? '{}').retry_after);
      if (!(retryAfter > 0) || tries === TRIES) throw new Error(words);
      await wait(retryAfter * 1_000);
    }
  }
  return {
    search: (query, limit = 5) =>
      call('search_items', { query, limit }) as Promise<Answered<{ results: readonly Item[] }>>,
    // Each try has the same key, so that a bid counts once.
    negotiate: (bid) =>
      call('negotiate', { ...bid, idempotency_key: randomUUID() }) as Promise<Answered<Answer>>,
  };
}

function signed(url: string | URL, init: RequestInit = {}, signer?: Signer): RequestInit {
  const { method = 'GET', body } = init;
  if (signer === undefined || typeof body !== 'string') return init;
  const headers = new Headers(init.headers);
  const fields = signer.headers({ method, url: String(url), body });
  for (const [name, value] of Object.entries(fields)) headers.set(name, value);
  return { ...init, headers };
}
