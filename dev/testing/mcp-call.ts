/** The bytes of a call over MCP, for tests that look at what it leaves behind rather than at its answer. */

const REVISION = '2026-07-28';

export interface McpCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Returns what a client of the stateless revision posts to `/mcp`. @param meta more of `_meta` */
export function mcpCall(tool: string, args: object, meta: object = {}): McpCall {
  const client = {
    'io.modelcontextprotocol/protocolVersion': REVISION,
    'io.modelcontextprotocol/clientInfo': { name: 'aura-dev', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return {
    headers: { 'mcp-protocol-version': REVISION, 'mcp-method': 'tools/call', 'mcp-name': tool },
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: tool, arguments: args, _meta: { ...client, ...meta } },
    },
  };
}
