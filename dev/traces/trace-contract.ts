/**
 * The trees that requests must leave behind, as data. The tests and test_telemetry.ts hold real
 * traces against them; a new endpoint means a new tree here.
 */

import type { AuraAttributes, AuraSpan } from '../../proto/telemetry.ts';
import type * as conventions from '@opentelemetry/semantic-conventions/incubating';

/** The names of our registry and those of the pinned conventions; there is no other in the contract. */
type Conventions = typeof conventions;
type Standard = Extract<
  {
    [K in keyof Conventions]: K extends `ATTR_${string}` ? Conventions[K] : never;
  }[keyof Conventions],
  string
>;
type Expected = {
  readonly [Name in keyof AuraAttributes | Standard]?: string | number | boolean | RegExp;
};

export interface ExpectedSpan {
  readonly service: 'aura-gateway' | 'aura-core';
  readonly name: string | RegExp;
  readonly kind: 'server' | 'client' | 'internal';
  /** The attributes that must be there, each as a value, a pattern for its text, or `present`. */
  readonly attributes?: Expected;
  /** The `error.type` of a span that must have failed; without it the span must not be an error. */
  readonly error?: string | RegExp;
  /** The spans directly below this one, in order of time; there must be no others. */
  readonly children?: readonly ExpectedSpan[];
  /** True when the span may be missing, because a request that was cut off may not have come so far. */
  readonly optional?: boolean;
}

const gateway = 'aura-gateway' as const;
const core = 'aura-core' as const;
const SERVICE = 'NegotiationService';

/** @returns the span of a statement, which is called by what it does to which table */
function statement(operation: string, collection?: string): ExpectedSpan {
  const name = collection === undefined ? operation : `${operation} ${collection}`;
  return {
    service: core,
    name,
    kind: 'client',
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': /./,
      'db.operation.name': operation,
      ...(collection !== undefined && { 'db.collection.name': collection }),
      'db.query.summary': name,
      'db.query.text': /./,
      'server.address': /./,
      'server.port': /^\d+$/,
    },
  };
}
/** The item, with the session of the bid. */
const readItem = statement('SELECT', 'inventory_items');
/** Locks the item's row, so that nobody else sells the last one. */
const lockItem = readItem;
const findItems = statement('SELECT', 'inventory_items');
const writeRound = statement('INSERT', 'negotiation_rounds');
const claimKey = statement('INSERT', 'idempotency_keys');
const readKey = statement('SELECT', 'idempotency_keys');
/** The nonce of a signed request, which is used once; a bid reads its item by the same statement. */
const useNonce = statement('INSERT', 'used_nonces');
const readReservation = statement('SELECT', 'reservations');
const releaseReservation = statement('UPDATE', 'reservations');
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

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Request {
  readonly verb?: 'GET' | 'POST';
  /** The route, with its parameters as `:name`. */
  readonly path: string;
  readonly status: number;
  /** The gRPC status of core's answer, where it is not the usual one of that HTTP status. */
  readonly error?: string;
  /** The attributes of the gateway's span beside those of HTTP. */
  readonly attributes?: ExpectedSpan['attributes'];
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
  { verb = 'POST', path, status, error = GRPC_ERRORS[status], attributes }: Request,
  method: 'Search' | 'Negotiate' | 'GetReservation' | 'ReleaseReservation' | 'GetReceiptKeys',
  server: Partial<ExpectedSpan> | undefined,
): ExpectedSpan {
  const name = `${SERVICE}/${method}`;
  const rpc = { 'rpc.system.name': 'grpc', 'rpc.method': `aura.negotiation.v1.${name}` };
  const isCallersFault = status >= 400 && status < 499;
  const client: ExpectedSpan = {
    service: gateway,
    name,
    kind: 'client',
    attributes: {
      ...rpc,
      'rpc.status_code': error ?? 'OK',
      'server.address': /./,
      'server.port': /^\d+$/,
    },
    ...(error && !isCallersFault && { error }),
    ...(server && {
      children: [
        {
          service: core,
          name,
          kind: 'server',
          ...server,
          attributes: { ...rpc, 'rpc.status_code': /^[A-Z_]+$/, ...server.attributes },
        },
      ],
    }),
  };
  return {
    service: gateway,
    name: `${verb} ${path}`,
    kind: 'server',
    attributes: { 'http.response.status_code': status, 'http.route': path, ...attributes },
    ...(status >= 500 && { error: String(status) }),
    children: [client],
  };
}

/** @returns the tree of a tool of MCP, made of that of its HTTP route: all below is the same */
function overMcp(tool: string, { attributes = {}, children = [] }: ExpectedSpan): ExpectedSpan {
  const ours = Object.entries(attributes).filter(([key]) => key.startsWith('aura.'));
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
      ...Object.fromEntries(ours),
    },
    children,
  };
  return {
    service: gateway,
    name: 'POST /mcp',
    kind: 'server',
    attributes: { 'http.response.status_code': 200, 'http.route': '/mcp' },
    children: [call],
  };
}

function negotiation(span: Partial<ExpectedSpan>): ExpectedSpan {
  const name: AuraSpan = 'negotiation.negotiate';
  return { service: core, name, kind: 'internal', ...span };
}

function searching(span: Partial<ExpectedSpan>): ExpectedSpan {
  const name: AuraSpan = 'search.search';
  return { service: core, name, kind: 'internal', ...span };
}

function searchTree(embedding: ExpectedSpan | undefined, attributes = {}): ExpectedSpan {
  return throughGateway(search, 'Search', {
    children: [
      searching({
        attributes: { 'aura.search.results': /^\d+$/, ...attributes },
        children: [...(embedding ? [embedding] : []), findItems],
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
/** A bid that became a round: the gateway's span tells what came of it. */
const round = {
  'aura.item.id': /./,
  'aura.session.id': UUID,
  'aura.negotiation.round': /^[1-9]\d*$/,
  'aura.negotiation.outcome': /^[a-z_]+$/,
};
const bid = { ...negotiate, attributes: round };
const answered = {
  ...round,
  'aura.negotiation.bid': /^\d+(\.\d+)?$/,
  'aura.negotiation.currency': /^[A-Z]{3}$/,
};
/** A request that failed says at its top why, and what failed. */
function failed(reason: string, part: 'gateway' | 'core' | 'database' | undefined) {
  return { 'aura.error.reason': reason, ...(part && { 'aura.error.part': part }) };
}
const databaseDown = { status: 503, attributes: failed('DATABASE_UNAVAILABLE', 'database') };
const coreDown = { status: 503, attributes: failed('UNAVAILABLE', 'core') };
/** The haggle that a deal came of. */
const haggle = { 'aura.session.id': UUID, 'aura.item.id': /./ };

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
    negotiation({ error: 'CANCELLED', children: [readItem, failedChat({ error: 'AbortError' })] }),
  ],
};

/** A request that was cut off while the database was asked; it may have been waiting for a connection. */
const policyCutOff: Partial<ExpectedSpan> = {
  children: [negotiation({ error: 'CANCELLED', children: [{ ...readItem, optional: true }] })],
};
const searchCutOff: Partial<ExpectedSpan> = {
  children: [
    searching({ error: 'CANCELLED', children: [failedEmbedding({ error: 'AbortError' })] }),
  ],
};

/** @returns the tree of a request that the gateway refuses, so that nothing below it is asked */
function refused(path: string, status = 400): ExpectedSpan {
  const attributes = {
    'http.response.status_code': status,
    'http.route': path,
    ...(status >= 500 ? failed('OVERLOADED', 'gateway') : failed('INVALID_ARGUMENT', undefined)),
  };
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
  return throughGateway(bid, 'Negotiate', {
    children: [
      negotiation({ attributes: { ...answered, ...outcome }, children: [readItem, writeRound] }),
    ],
  });
}

const routeTrees = {
  search: searchTree(localEmbedding),
  searchByMistral: searchTree(mistralEmbedding),
  /** The vector of the query was known from a search before. */
  searchCached: searchTree(undefined, { 'aura.search.embedding_cached': true }),
  negotiateByModel: throughGateway(bid, 'Negotiate', {
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
        children: [readItem, chat, writeRound],
      }),
    ],
  }),
  negotiateByPolicy: unasked({}),
  /** The agent has used up its tokens, so the model was not asked. */
  negotiateCapped: unasked({ 'aura.llm.capped': 'agent_day', 'aura.llm.circuit': 'closed' }),
  /** The model has failed too often, so it was not asked. */
  negotiateCircuitOpen: unasked({ 'aura.negotiation.fallback': true, 'aura.llm.circuit': 'open' }),
  /** A bid under an idempotency key; the next tree is that of the same bid again. */
  negotiateUnderKey: throughGateway(bid, 'Negotiate', {
    children: [negotiation({ attributes: answered, children: [claimKey, readItem, writeRound] })],
  }),
  negotiateReplayed: throughGateway(bid, 'Negotiate', {
    children: [
      negotiation({
        attributes: {
          'aura.item.id': /./,
          'aura.session.id': UUID,
          'aura.idempotency.replayed': true,
        },
        children: [claimKey, readKey],
      }),
    ],
  }),
  deal: throughGateway(bid, 'Negotiate', {
    children: [
      negotiation({
        attributes: { ...answered, 'aura.negotiation.outcome': 'accepted' },
        children: [readItem, writeRound],
      }),
    ],
  }),
  /** A deal of an item that there are only so many of, which is made in a transaction. */
  negotiateLastOne: throughGateway(bid, 'Negotiate', {
    children: [
      negotiation({
        attributes: { ...answered, 'aura.negotiation.outcome': 'accepted' },
        children: [
          readItem,
          statement('BEGIN'),
          lockItem,
          readItem,
          writeRound,
          statement('COMMIT'),
        ],
      }),
    ],
  }),
  /** A bid that its agent signed, whose nonce is written down as it is read; then a copy of the request. */
  negotiateSigned: verified(
    throughGateway(bid, 'Negotiate', {
      children: [
        negotiation({
          attributes: { ...answered, 'aura.agent.verified': true },
          children: [useNonce, chat, writeRound],
        }),
      ],
    }),
  ),
  negotiateCopied: verified(
    throughGateway({ ...negotiate, status: 401, error: 'UNAUTHENTICATED' }, 'Negotiate', {
      children: [
        negotiation({
          attributes: {
            'aura.agent.refusal': 'SIGNATURE_REPLAYED',
            'aura.error.reason': 'SIGNATURE_REPLAYED',
          },
          children: [useNonce],
        }),
      ],
    }),
  ),
  reservation: throughGateway(
    { verb: 'GET', path: '/v1/reservations/:code', status: 200 },
    'GetReservation',
    { attributes: haggle, children: [readReservation] },
  ),
  release: throughGateway(
    { path: '/v1/reservations/:code/release', status: 200 },
    'ReleaseReservation',
    { attributes: haggle, children: [releaseReservation, readReservation] },
  ),
  /** The first time; for a while after that the gateway knows them. */
  receiptKeys: throughGateway(
    { verb: 'GET', path: '/.well-known/jwks.json', status: 200 },
    'GetReceiptKeys',
    {},
  ),
  /** The agent has as many haggles open of the item as it may. */
  negotiateLimited: throughGateway(
    {
      ...negotiate,
      status: 429,
      error: 'FAILED_PRECONDITION',
      attributes: failed('TOO_MANY_OPEN_SESSIONS', undefined),
    },
    'Negotiate',
    {
      children: [
        negotiation({
          attributes: {
            'aura.limit': 'open_sessions',
            'aura.error.reason': 'TOO_MANY_OPEN_SESSIONS',
          },
          children: [readItem],
        }),
      ],
    },
  ),
  unknownItem: throughGateway(negotiate, 'Negotiate', {
    children: [
      negotiation({
        attributes: {
          'aura.negotiation.outcome': 'rejected',
          'aura.negotiation.reason': 'ITEM_NOT_FOUND',
        },
        children: [readItem],
      }),
    ],
  }),
  badRequest: refused('/v1/negotiate'),
  badSearch: refused('/v1/search'),
  /** A key that was used for another bid. Like every mistake of a caller it paints nothing red. */
  keyReused: throughGateway(
    {
      ...negotiate,
      status: 422,
      error: 'FAILED_PRECONDITION',
      attributes: failed('IDEMPOTENCY_KEY_REUSED', undefined),
    },
    'Negotiate',
    {
      children: [
        negotiation({
          attributes: { 'aura.error.reason': 'IDEMPOTENCY_KEY_REUSED' },
          children: [claimKey, readKey],
        }),
      ],
    },
  ),
  /** The seller has confirmed what the agent gives back. */
  releaseRefused: throughGateway(
    {
      path: '/v1/reservations/:code/release',
      status: 409,
      error: 'FAILED_PRECONDITION',
      attributes: failed('RESERVATION_CONFIRMED', undefined),
    },
    'ReleaseReservation',
    { attributes: haggle, children: [releaseReservation, readReservation] },
  ),
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
    {
      ...negotiate,
      status: 503,
      error: 'RESOURCE_EXHAUSTED',
      attributes: failed('OVERLOADED', 'core'),
    },
    'Negotiate',
    { attributes: { 'rpc.status_code': 'RESOURCE_EXHAUSTED' } },
  ),
  /** A bid that core refuses, because core alone knows the item's currency. */
  badRequestInCore: throughGateway({ ...negotiate, status: 400 }, 'Negotiate', {
    children: [
      negotiation({
        attributes: { 'aura.error.reason': 'INVALID_ARGUMENT' },
        children: [readItem],
      }),
    ],
  }),
  /** The model failed, so the policy answered. */
  negotiateFallback: throughGateway(bid, 'Negotiate', {
    children: [
      negotiation({
        attributes: {
          ...answered,
          'aura.negotiation.outcome': 'countered',
          'aura.negotiation.strategy': 'policy',
          'aura.negotiation.fallback': true,
        },
        children: [
          readItem,
          failedChat({ error: '500', attributes: { 'http.response.status_code': 500 } }),
          writeRound,
        ],
      }),
    ],
  }),
  negotiateDatabaseDown: throughGateway({ ...negotiate, ...databaseDown }, 'Negotiate', {
    error: 'UNAVAILABLE',
    children: [
      negotiation({ error: 'DATABASE_UNAVAILABLE', children: [{ ...readItem, optional: true }] }),
    ],
  }),
  searchDatabaseDown: throughGateway({ ...search, ...databaseDown }, 'Search', {
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
  negotiateCoreDown: throughGateway({ ...negotiate, ...coreDown }, 'Negotiate', undefined),
  searchCoreDown: throughGateway({ ...search, ...coreDown }, 'Search', undefined),
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
