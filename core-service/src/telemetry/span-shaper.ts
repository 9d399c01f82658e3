import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';
import type { Attributes, Context } from '@opentelemetry/api';
import { propagation, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { modelCall } from './model-call.ts';

const OWN = 'aura.core';
const LANGCHAIN = '@traceloop/instrumentation-langchain';
const GRPC = '@opentelemetry/instrumentation-grpc';
const PG = '@opentelemetry/instrumentation-pg';
const UNDICI = '@opentelemetry/instrumentation-undici';
/** Baggage → attributes. */
const BAGGAGE = { agent_did: 'aura.agent.did', synthetic_request: 'aura.synthetic_request' };
const MAX_BAGGAGE_LENGTH = 256;
/** These make a SERVER span an error by the semantic conventions; the rest is the caller's fault. */
const SERVER_FAULTS = new Set<string>([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** Says in the terms of the semantic conventions what the instrumentations say otherwise. */
export class SpanShaper implements SpanProcessor {
  onStart(span: Span, parent: Context): void {
    const scopeName = span.instrumentationScope.name;
    if (scopeName === OWN || (scopeName === GRPC && span.kind === SpanKind.SERVER)) {
      span.setAttributes(fromBaggage(parent));
    }
    // LangChain's span is never the active one; the HTTP call finds its parent here.
    const call = modelCall.getStore();
    if (call && scopeName === LANGCHAIN) call.span = span;
  }

  onEnding(span: Span): void {
    const { name } = span.instrumentationScope;
    if (name === LANGCHAIN) shapeChat(span);
    else if (name === GRPC && span.kind === SpanKind.SERVER) shapeServer(span);
    else if (name === PG) shapeQuery(span);
    else if (name === UNDICI) shapeFetch(span);
  }

  onEnd(): void {
    // The batch processor exports.
  }

  async forceFlush(): Promise<void> {
    // Nothing is kept here.
  }

  async shutdown(): Promise<void> {
    // Nothing is kept here.
  }
}

/** The entries that reach a span of what callers send along, each cut to its bound. */
function fromBaggage(parent: Context): Attributes {
  const baggage = propagation.getBaggage(parent);
  const attributes: Attributes = {};
  for (const [key, attribute] of Object.entries(BAGGAGE)) {
    const value = baggage?.getEntry(key)?.value;
    if (value !== undefined) attributes[attribute] = value.slice(0, MAX_BAGGAGE_LENGTH);
  }
  return attributes;
}

function shapeChat(span: Span): void {
  const call = modelCall.getStore();
  const attributes: Attributes = { 'gen_ai.provider.name': 'mistral_ai' };
  if (call?.finishReason) attributes['gen_ai.response.finish_reasons'] = [call.finishReason];
  if (call?.responseModel) attributes['gen_ai.response.model'] = call.responseModel;
  const failed = span.status.code === SpanStatusCode.ERROR;
  if (failed) attributes['error.type'] = exceptionType(span) ?? '_OTHER';
  span.setAttributes(attributes);
}

function exceptionType(span: Span): string | undefined {
  const type = span.events.at(-1)?.attributes?.['exception.type'];
  return typeof type === 'string' ? type : undefined;
}

function shapeServer(span: Span): void {
  const code = Number(span.attributes['rpc.grpc.status_code'] ?? 0);
  const status = GRPC_STATUS_WORDS[code] ?? 'UNKNOWN';
  if (code === 0) return;
  if (SERVER_FAULTS.has(status)) span.setAttribute('error.type', status);
  else span.setStatus({ code: SpanStatusCode.OK });
}

/** A call that was aborted has no answer; its span would look as if all had gone well. */
function shapeFetch(span: Span): void {
  if (span.status.code !== SpanStatusCode.UNSET) return;
  if (span.attributes['http.response.status_code'] !== undefined) return;
  span.setAttribute('error.type', 'AbortError');
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/**
 * A prepared statement's name says nothing of what it does, and neither does `WITH`; the change that it
 * makes does, or its first word.
 */
function shapeQuery(span: Span): void {
  const text = String(span.attributes['db.query.text']).trimStart();
  const isNamed = span.attributes['db.postgresql.plan'] !== undefined;
  const isWith = /^with\b/i.test(text);
  if (!isNamed && !isWith) return;
  // The `for update` of a lock is no change.
  const change = isWith ? /(?<!\bfor )\b(insert|update|delete)\b/i.exec(text)?.[0] : undefined;
  const word = change ?? /^\w+/.exec(text)?.[0];
  if (word) span.updateName(span.name.replace(/(?<=^pg\.query:)\S+/, word.toUpperCase()));
}
