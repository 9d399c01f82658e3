import { describeRpc, isServerError, statusWord } from '@aura/proto/rpc-span.ts';
import type { Attributes, Context } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { addBaggage } from './baggage.ts';
import { modelCall } from './model-call.ts';
import { failureOf } from './query-span.ts';
import type { QuerySummary } from './query-summary.ts';
import { summarize } from './query-summary.ts';

const LANGCHAIN = '@traceloop/instrumentation-langchain';
const GRPC = '@opentelemetry/instrumentation-grpc';
const PG = '@opentelemetry/instrumentation-pg';
const UNDICI = '@opentelemetry/instrumentation-undici';
/** Statements whose summary is remembered; others are read at each call. */
const MAX_STATEMENTS = 500;

/** Says in the terms of the semantic conventions what the instrumentations say otherwise. */
export class SpanShaper implements SpanProcessor {
  onStart(span: Span, parent: Context): void {
    const scopeName = span.instrumentationScope.name;
    if (scopeName === GRPC && span.kind === SpanKind.SERVER) {
      span.setAttributes(addBaggage({}, parent));
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

function shapeChat(span: Span): void {
  const call = modelCall.getStore();
  const attributes: Attributes = { 'gen_ai.provider.name': 'mistral_ai' };
  if (call?.finishReason) attributes['gen_ai.response.finish_reasons'] = [call.finishReason];
  if (call?.responseModel) attributes['gen_ai.response.model'] = call.responseModel;
  const failed = span.status.code === SpanStatusCode.ERROR;
  if (failed) attributes['error.type'] = exceptionType(span) ?? '_OTHER';
  // The conventions have no sum of the two kinds of tokens.
  forget(span, 'gen_ai.usage.total_tokens');
  span.setAttributes(attributes);
}

function exceptionType(span: Span): string | undefined {
  const type = span.events.at(-1)?.attributes?.['exception.type'];
  return typeof type === 'string' ? type : undefined;
}

function shapeServer(span: Span): void {
  const status = statusWord(Number(span.attributes['rpc.grpc.status_code'] ?? 0));
  const { 'rpc.service': service, 'rpc.method': method } = span.attributes;
  forget(span, 'rpc.system', 'rpc.service', 'rpc.grpc.status_code', ...GRPC_ERROR);
  const { name, attributes } = describeRpc(`/${String(service)}/${String(method)}`);
  span.updateName(name);
  span.setAttributes({ ...attributes, 'rpc.status_code': status });
  if (isServerError(status)) span.setAttribute('error.type', status);
  else Reflect.set(span, 'status', { code: SpanStatusCode.UNSET });
}

const GRPC_ERROR = ['grpc.error_name', 'grpc.error_message'];

/** Takes attributes away that the conventions do not have, or have under another name. */
function forget(span: Span, ...names: readonly string[]): void {
  for (const name of names) Reflect.deleteProperty(span.attributes, name);
}

/** A call that was aborted has no answer; its span would look as if all had gone well. */
function shapeFetch(span: Span): void {
  if (span.status.code !== SpanStatusCode.UNSET) return;
  if (span.attributes['http.response.status_code'] !== undefined) return;
  span.setAttribute('error.type', 'AbortError');
  span.setStatus({ code: SpanStatusCode.ERROR });
}

const summaries = new Map<string, QuerySummary>();

function summaryOf(text: string): QuerySummary {
  let summary = summaries.get(text);
  if (summary !== undefined) return summary;
  summary = summarize(text);
  if (summaries.size < MAX_STATEMENTS) summaries.set(text, summary);
  return summary;
}

/** A statement is called by what it does, whatever name it is prepared under. */
function shapeQuery(span: Span): void {
  const text = span.attributes['db.query.text'];
  if (typeof text !== 'string') return;
  const { operation, collection, summary } = summaryOf(text);
  forget(span, 'db.postgresql.plan');
  span.updateName(summary);
  span.setAttributes({
    'db.operation.name': operation,
    ...(collection !== undefined && { 'db.collection.name': collection }),
    'db.query.summary': summary,
  });
  if (span.status.code !== SpanStatusCode.ERROR) return;
  // The instrumentation puts the database's own message there, which can quote what is stored.
  const message = exceptionMessage(span);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttributes(failureOf(failedWith(message)));
}

function exceptionMessage(span: Span): string {
  return String(span.events.at(-1)?.attributes?.['exception.message']);
}

/** The instrumentation says the code of an error only within the message of the exception. */
function failedWith(message: string): { readonly name: string; readonly code?: string } {
  const { name = 'Error', code } =
    /of type '(?<name>[^']*)' occurred \(code: (?<code>[^)]*)\)/.exec(message)?.groups ?? {};
  return { name, ...(code !== undefined && code !== 'UNKNOWN' && { code }) };
}
