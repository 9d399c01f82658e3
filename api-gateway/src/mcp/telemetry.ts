/**
 * The span and the metric of each JSON-RPC request, in the terms of OpenTelemetry's semantic conventions
 * for MCP.
 */
import { SCHEMA, TELEMETRY_VERSION } from '@aura/proto/telemetry.ts';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import {
  context,
  isSpanContextValid,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { traceIds } from '../logger.ts';
import { redactSecrets } from '../redact.ts';
import { PROTOCOL_VERSIONS } from './protocol.ts';
import type { Message } from './protocol.ts';
import { findTool } from './tools.ts';

/** Methods that name spans and label metrics; a caller's own words would make them countless. */
const METHODS = new Set([
  'initialize',
  'notifications/cancelled',
  'notifications/initialized',
  'ping',
  'server/discover',
  'tools/call',
  'tools/list',
]);
const OTHER = '_OTHER';
/** Most characters of a caller's request id that a span keeps. */
const MAX_ID_LENGTH = 128;
/** The buckets, in seconds, that the semantic conventions advise. */
const BUCKETS_S = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

const duration = metrics.getMeter('aura.gateway').createHistogram('mcp.server.operation.duration', {
  description: 'Time from the arrival of a request of MCP to its answer',
  unit: 's',
  advice: { explicitBucketBoundaries: BUCKETS_S },
});

/** The end that a request came to. */
export interface Outcome {
  /** The code of a JSON-RPC error, or `tool_error`; undefined after a success. */
  readonly errorType: string | undefined;
  /** True where we failed, and not the caller. */
  readonly isOurs: boolean;
}

export interface Operation {
  /** The context of the span, in which the request is served. */
  readonly context: Context;
  /** The ids of the span for log lines and headers; none where nothing is traced. */
  readonly ids: { readonly trace_id?: string; readonly span_id?: string };
  /** Low-cardinality names of what was asked, for log lines. */
  readonly names: { readonly mcp_method: string; readonly tool?: string };
  /** Ends the span. @returns milliseconds since the start */
  end(outcome: Outcome): number;
}

/** @param version the revision that the request names */
export function startOperation(message: Message, version: string | undefined): Operation {
  const method = METHODS.has(message.method) ? message.method : OTHER;
  const tool = method === 'tools/call' ? findTool(message.params?.['name'])?.name : undefined;
  const labels: Attributes = {
    'mcp.method.name': method,
    'network.transport': 'tcp',
    'network.protocol.name': 'http',
    ...(tool !== undefined && { 'gen_ai.tool.name': tool }),
    ...(method === 'tools/call' && { 'gen_ai.operation.name': 'execute_tool' }),
    ...(version !== undefined &&
      PROTOCOL_VERSIONS.includes(version) && { 'mcp.protocol.version': version }),
  };
  const started = performance.now();
  const span = startSpan(message, tool === undefined ? method : `${method} ${tool}`, labels);
  const active = trace.setSpan(span.parent, span.span);
  return {
    context: active,
    ids: traceIds(active),
    names: { mcp_method: method, ...(tool !== undefined && { tool }) },
    end: ({ errorType, isOurs }) => {
      const ms = performance.now() - started;
      const failed = errorType !== undefined && { 'error.type': errorType };
      if (failed) span.span.setAttributes(failed);
      if (isOurs) span.span.setStatus({ code: SpanStatusCode.ERROR });
      span.span.end();
      duration.record(ms / 1_000, { ...labels, ...failed });
      return ms;
    },
  };
}

/**
 * The span belongs to the trace that the message carries in its `_meta`. Where that is another one than
 * the HTTP request's, it links to the span of the HTTP request; else it stands below that one.
 */
function startSpan(message: Message, name: string, labels: Attributes) {
  const ambient = context.active();
  const carried = carriedContext(message);
  const http = trace.getSpanContext(ambient);
  const remote = carried && trace.getSpanContext(carried);
  const isElsewhere =
    remote !== undefined && isSpanContextValid(remote) && remote.traceId !== http?.traceId;
  const parent = isElsewhere && carried ? carried : ambient;
  const { id } = message;
  const attributes = {
    ...labels,
    ...(id !== undefined && {
      'jsonrpc.request.id': redactSecrets(String(id).slice(0, MAX_ID_LENGTH)),
    }),
  };
  const links = isElsewhere && http ? [{ context: http }] : [];
  const span: Span = trace
    .getTracerProvider()
    .getTracer('aura.gateway', TELEMETRY_VERSION, SCHEMA)
    .startSpan(name, { kind: SpanKind.SERVER, attributes, links }, parent);
  return { span, parent };
}

function carriedContext({ params }: Message): Context | undefined {
  const meta = params?.['_meta'];
  if (typeof meta !== 'object' || meta === null || !('traceparent' in meta)) return undefined;
  return propagation.extract(ROOT_CONTEXT, meta, {
    keys: Object.keys,
    get: (carrier, key) => {
      const value = (carrier as Readonly<Record<string, unknown>>)[key];
      return typeof value === 'string' ? value : undefined;
    },
  });
}

/** Returns the baggage that a message carries in its `_meta`. */
export function carriedBaggage({ params }: Message): string | undefined {
  const meta = params?.['_meta'] as Readonly<Record<string, unknown>> | null | undefined;
  const baggage = meta?.['baggage'];
  return typeof baggage === 'string' ? baggage : undefined;
}
