/**
 * The trees that requests must leave behind, as data. The tests and test_telemetry.ts hold real
 * traces against them; a new endpoint means a new tree here.
 */

export interface ExpectedSpan {
  readonly service: 'aura-gateway' | 'aura-core';
  readonly name: string | RegExp;
  readonly kind: 'server' | 'client' | 'internal';
  /** The attributes that must be there, each as a value, a pattern for its text, or `present`. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | RegExp>>;
  /** The `error.type` of a span that must have failed; without it the span must not be an error. */
  readonly error?: string | RegExp;
  /** The spans directly below this one, in order of time; there must be no others. */
  readonly children?: readonly ExpectedSpan[];
  /** True when the span may be missing, because a request that was cut off may not have come so far. */
  readonly optional?: boolean;
}

const gateway = 'aura-gateway' as const;
const core = 'aura-core' as const;
const SERVICE = 'grpc.aura.negotiation.v1.NegotiationService';

const select: ExpectedSpan = {
  service: core,
  name: /^pg\.query:SELECT/,
  kind: 'client',
  attributes: { 'db.system.name': 'postgresql', 'db.query.text': /^\s*select /i },
};
const write: ExpectedSpan = {
  service: core,
  name: /^pg\.query:(INSERT|UPDATE)/,
  kind: 'client',
  attributes: { 'db.system.name': 'postgresql' },
};
function statement(word: 'BEGIN' | 'COMMIT'): ExpectedSpan {
  return { service: core, name: new RegExp(`^pg\\.query:${word}`, 'i'), kind: 'client' };
}
/** The span of the HTTP call to the vendor. */
const post: ExpectedSpan = {
  service: core,
  name: 'POST',
  kind: 'client',
  attributes: { 'http.response.status_code': 200 },
};
const chat: ExpectedSpan = {
  service: core,
  name: /^chat /,
  kind: 'client',
  attributes: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'mistral_ai',
    'gen_ai.request.model': /./,
    'gen_ai.response.model': /./,
    'gen_ai.response.finish_reasons': /tool_call/,
    'gen_ai.usage.input_tokens': /^[1-9]\d*$/,
    'gen_ai.usage.output_tokens': /^[1-9]\d*$/,
  },
  children: [post],
};
const localEmbedding: ExpectedSpan = {
  service: core,
  name: /^embeddings aura-local-/,
  kind: 'client',
  attributes: {
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.provider.name': 'aura.local',
    'gen_ai.request.model': /^aura-local-/,
  },
};

const mistralEmbedding: ExpectedSpan = {
  service: core,
  name: /^embeddings /,
  kind: 'client',
  attributes: {
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.provider.name': 'mistral_ai',
    'gen_ai.request.model': /./,
  },
  children: [post],
};

interface Request {
  readonly verb?: 'GET' | 'POST';
  /** The route, with its parameters as `:name`. */
  readonly path: string;
  readonly status: number;
  /** The gRPC status of core's answer, where it is not the usual one of that HTTP status. */
  readonly error?: string;
}

/** The gRPC statuses, by the HTTP status that each becomes. */
const GRPC_ERRORS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  499: 'CANCELLED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/**
 * @returns the tree from the HTTP request down to core's server span
 *
 * @param server undefined where core was not reached
 */
function throughGateway(
  { verb = 'POST', path, status, error = GRPC_ERRORS[status] }: Request,
  method: 'Search' | 'Negotiate' | 'GetReservation' | 'ReleaseReservation',
  server: Partial<ExpectedSpan> | undefined,
): ExpectedSpan {
  const name = `${SERVICE}/${method}`;
  const client: ExpectedSpan = {
    service: gateway,
    name,
    kind: 'client',
    ...(error && { error }),
    ...(server && { children: [{ service: core, name, kind: 'server', ...server }] }),
  };
  return {
    service: gateway,
    name: `${verb} ${path}`,
    kind: 'server',
    attributes: { 'http.response.status_code': status, 'http.route': path },
    ...(status >= 500 && { error: String(status) }),
    children: [
      { service: gateway, name: 'request handler - fastify', kind: 'internal', children: [client] },
    ],
  };
}

/** @returns the tree of a tool of MCP, made of that of its HTTP route: all below is the same */
function overMcp(tool: string, { children: [handler] = [] }: ExpectedSpan): ExpectedSpan {
  const call: ExpectedSpan = {
    service: gateway,
    name: `tools/call ${tool}`,
    kind: 'server',
    attributes: {
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': /^20\d\d-\d\d-\d\d$/,
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'jsonrpc.request.id': /./,
      'network.transport': 'tcp',
    },
    children: handler?.children ?? [],
  };
  return {
    service: gateway,
    name: 'POST /mcp',
    kind: 'server',
    attributes: { 'http.response.status_code': 200, 'http.route': '/mcp' },
    children: [
      { service: gateway, name: 'request handler - fastify', kind: 'internal', children: [call] },
    ],
  };
}

function negotiation(span: Partial<ExpectedSpan>): ExpectedSpan {
  return { service: core, name: 'negotiation.negotiate', kind: 'internal', ...span };
}

function searching(span: Partial<ExpectedSpan>): ExpectedSpan {
  return { service: core, name: 'search.search', kind: 'internal', ...span };
}

function searchTree(embedding: ExpectedSpan | undefined, attributes = {}): ExpectedSpan {
  return throughGateway(search, 'Search', {
    children: [
      searching({
        attributes: { 'aura.search.results': /^\d+$/, ...attributes },
        children: [...(embedding ? [embedding] : []), select],
      }),
    ],
  });
}

function failedEmbedding(call: Partial<ExpectedSpan>): ExpectedSpan {
  return {
    ...mistralEmbedding,
    error: /Error$/,
    children: [{ service: core, name: 'POST', kind: 'client', ...call }],
  };
}

const search = { path: '/v1/search', status: 200 };
const negotiate = { path: '/v1/negotiate', status: 200 };
const answered = {
  'aura.item.id': /./,
  'aura.session.id': /^[0-9a-f-]{36}$/,
  'aura.negotiation.round': /^[1-9]\d*$/,
};

function failedChat(call: Partial<ExpectedSpan>): ExpectedSpan {
  return {
    service: core,
    name: /^chat /,
    kind: 'client',
    attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'mistral_ai' },
    error: /Error$/,
    children: [{ service: core, name: 'POST', kind: 'client', ...call }],
  };
}

/** A request that was cut off while the model was asked: all below is cancelled, and nothing is written. */
const cutOff: Partial<ExpectedSpan> = {
  children: [
    negotiation({ error: 'CANCELLED', children: [select, failedChat({ error: 'AbortError' })] }),
  ],
};

/** A request that was cut off while the database was asked; it may have been waiting for a connection. */
const policyCutOff: Partial<ExpectedSpan> = {
  children: [negotiation({ error: 'CANCELLED', children: [{ ...select, optional: true }] })],
};
const searchCutOff: Partial<ExpectedSpan> = {
  children: [
    searching({ error: 'CANCELLED', children: [failedEmbedding({ error: 'AbortError' })] }),
  ],
};

/** @returns the tree of a request that the gateway refuses, so that nothing below it is asked */
function refused(path: string, status = 400): ExpectedSpan {
  const attributes = { 'http.response.status_code': status, 'http.route': path };
  const error = status >= 500 && { error: String(status) };
  return { service: gateway, name: `POST ${path}`, kind: 'server', attributes, ...error };
}

/** @returns the tree of a request whose signature the gateway found right */
function verified(tree: ExpectedSpan): ExpectedSpan {
  const attributes = { ...tree.attributes, 'aura.agent.verified': true, 'aura.agent.did': /^did:/ };
  return { ...tree, attributes };
}

/** @returns the tree of a counter-offer that the policy makes alone */
function unasked(attributes: ExpectedSpan['attributes']): ExpectedSpan {
  const strategy = { 'aura.negotiation.strategy': 'policy' };
  const outcome = { 'aura.negotiation.outcome': 'countered', ...strategy, ...attributes };
  return throughGateway(negotiate, 'Negotiate', {
    children: [negotiation({ attributes: { ...answered, ...outcome }, children: [select, write] })],
  });
}

const routeTrees = {
  search: searchTree(localEmbedding),
  searchByMistral: searchTree(mistralEmbedding),
  /** The vector of the query was known from a search before. */
  searchCached: searchTree(undefined, { 'aura.search.embedding_cached': true }),
  negotiateByModel: throughGateway(negotiate, 'Negotiate', {
    children: [
      negotiation({
        attributes: {
          ...answered,
          'aura.negotiation.outcome': 'countered',
          'aura.negotiation.strategy': 'model',
          'aura.llm.circuit': 'closed',
          'aura.llm.move_kept': true,
          'aura.llm.words_kept': true,
        },
        children: [select, chat, write],
      }),
    ],
  }),
  negotiateByPolicy: unasked({}),
  /** The agent has used up its tokens, so the model was not asked. */
  negotiateCapped: unasked({ 'aura.llm.capped': 'agent_day', 'aura.llm.circuit': 'closed' }),
  /** The model has failed too often, so it was not asked. */
  negotiateCircuitOpen: unasked({ 'aura.negotiation.fallback': true, 'aura.llm.circuit': 'open' }),
  /** A bid under an idempotency key; the next tree is that of the same bid again. */
  negotiateUnderKey: throughGateway(negotiate, 'Negotiate', {
    children: [negotiation({ attributes: answered, children: [write, select, write] })],
  }),
  negotiateReplayed: throughGateway(negotiate, 'Negotiate', {
    children: [
      negotiation({
        attributes: { 'aura.item.id': /./, 'aura.idempotency.replayed': true },
        children: [write, select],
      }),
    ],
  }),
  /** A deal of an item that there are only so many of, which is made in a transaction. */
  negotiateLastOne: throughGateway(negotiate, 'Negotiate', {
    children: [
      negotiation({
        attributes: { ...answered, 'aura.negotiation.outcome': 'accepted' },
        children: [select, statement('BEGIN'), select, select, write, statement('COMMIT')],
      }),
    ],
  }),
  /** A bid that its agent signed, whose nonce is written down before anything else; then a copy of the request. */
  negotiateSigned: verified(
    throughGateway(negotiate, 'Negotiate', {
      children: [
        negotiation({
          attributes: { ...answered, 'aura.agent.verified': true },
          children: [write, select, chat, write],
        }),
      ],
    }),
  ),
  negotiateCopied: verified(
    throughGateway({ ...negotiate, status: 401, error: 'UNAUTHENTICATED' }, 'Negotiate', {
      children: [
        negotiation({
          attributes: { 'aura.agent.refusal': 'SIGNATURE_REPLAYED' },
          error: 'SIGNATURE_REPLAYED',
          children: [write],
        }),
      ],
    }),
  ),
  reservation: throughGateway(
    { verb: 'GET', path: '/v1/reservations/:code', status: 200 },
    'GetReservation',
    { children: [select] },
  ),
  release: throughGateway(
    { path: '/v1/reservations/:code/release', status: 200 },
    'ReleaseReservation',
    { children: [write, select] },
  ),
  unknownItem: throughGateway(negotiate, 'Negotiate', {
    children: [
      negotiation({
        attributes: {
          'aura.negotiation.outcome': 'rejected',
          'aura.negotiation.reason': 'ITEM_NOT_FOUND',
        },
        children: [select],
      }),
    ],
  }),
  badRequest: refused('/v1/negotiate'),
  badSearch: refused('/v1/search'),
  /** The gateway finds the signature wrong. */
  badSignature: {
    ...refused('/v1/search', 401),
    attributes: {
      'http.response.status_code': 401,
      'aura.agent.verified': false,
      'aura.agent.refusal': 'CONTENT_DIGEST_WRONG',
    },
  },
  /** The gateway has too much to do, and refuses before it does anything. */
  overloaded: refused('/v1/negotiate', 503),
  /** Core has too much to do; it refuses before it does anything. */
  overloadedCore: throughGateway(
    { ...negotiate, status: 503, error: 'RESOURCE_EXHAUSTED' },
    'Negotiate',
    { attributes: { 'rpc.grpc.status_code': 8 } },
  ),
  /** A bid that core refuses, because core alone knows the item's currency. */
  badRequestInCore: throughGateway({ ...negotiate, status: 400 }, 'Negotiate', {
    children: [negotiation({ children: [select] })],
  }),
  /** The model failed, so the policy answered. */
  negotiateFallback: throughGateway(negotiate, 'Negotiate', {
    children: [
      negotiation({
        attributes: {
          ...answered,
          'aura.negotiation.outcome': 'countered',
          'aura.negotiation.strategy': 'policy',
          'aura.negotiation.fallback': true,
        },
        children: [
          select,
          failedChat({ error: '500', attributes: { 'http.response.status_code': 500 } }),
          write,
        ],
      }),
    ],
  }),
  negotiateDatabaseDown: throughGateway({ ...negotiate, status: 503 }, 'Negotiate', {
    error: 'UNAVAILABLE',
    children: [
      negotiation({ error: 'DATABASE_UNAVAILABLE', children: [{ ...select, optional: true }] }),
    ],
  }),
  searchDatabaseDown: throughGateway({ ...search, status: 503 }, 'Search', {
    error: 'UNAVAILABLE',
    children: [searching({ error: 'DATABASE_UNAVAILABLE', children: [mistralEmbedding] })],
  }),
  /** The embedder failed, so words were compared. */
  searchFallback: searchTree(
    failedEmbedding({ error: '500', attributes: { 'http.response.status_code': 500 } }),
    { 'aura.search.fallback': true },
  ),
  searchDeadline: throughGateway({ ...search, status: 504 }, 'Search', searchCutOff),
  searchClientGone: throughGateway({ ...search, status: 499 }, 'Search', searchCutOff),
  negotiateCoreDown: throughGateway({ ...negotiate, status: 503 }, 'Negotiate', undefined),
  searchCoreDown: throughGateway({ ...search, status: 503 }, 'Search', undefined),
  /** The deadline passed while the model was asked. */
  negotiateDeadline: throughGateway({ ...negotiate, status: 504 }, 'Negotiate', cutOff),
  /** The deadline passed, or the client went away, while the database was asked. */
  policyDeadline: throughGateway({ ...negotiate, status: 504 }, 'Negotiate', policyCutOff),
  policyClientGone: throughGateway({ ...negotiate, status: 499 }, 'Negotiate', policyCutOff),
  /** The client went away while the model was asked. */
  negotiateClientGone: throughGateway({ ...negotiate, status: 499 }, 'Negotiate', cutOff),
} satisfies Readonly<Record<string, ExpectedSpan>>;

export const trees = {
  ...routeTrees,
  mcpSearch: overMcp('search_items', routeTrees.search),
  mcpSearchByMistral: overMcp('search_items', routeTrees.searchByMistral),
  mcpNegotiateByModel: overMcp('negotiate', routeTrees.negotiateByModel),
  mcpNegotiateByPolicy: overMcp('negotiate', routeTrees.negotiateByPolicy),
  mcpNegotiateUnderKey: overMcp('negotiate', routeTrees.negotiateUnderKey),
  mcpNegotiateReplayed: overMcp('negotiate', routeTrees.negotiateReplayed),
  mcpReservation: overMcp('get_reservation', routeTrees.reservation),
  mcpRelease: overMcp('release_reservation', routeTrees.release),
  /** Arguments that the gateway refuses, so that nothing below it is asked. */
  mcpBadArguments: overMcp('negotiate', routeTrees.badRequest),
} satisfies Readonly<Record<string, ExpectedSpan>>;
