import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';
import type { Attributes, Context } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { addBaggage } from './baggage.ts';
import { modelCall } from './model-call.ts';
import { isServerFault } from './server-faults.ts';
import { queryName } from './sql-verb.ts';

const LANGCHAIN = '@traceloop/instrumentation-langchain';
const GRPC = '@opentelemetry/instrumentation-grpc';
const PG = '@opentelemetry/instrumentation-pg';
const UNDICI = '@opentelemetry/instrumentation-undici';
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
  if (isServerFault(status)) span.setAttribute('error.type', status);
  else span.setStatus({ code: SpanStatusCode.OK });
}

/** A call that was aborted has no answer; its span would look as if all had gone well. */
function shapeFetch(span: Span): void {
  if (span.status.code !== SpanStatusCode.UNSET) return;
  if (span.attributes['http.response.status_code'] !== undefined) return;
  span.setAttribute('error.type', 'AbortError');
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** A statement is called by what it does, whatever name it is prepared under. */
function shapeQuery(span: Span): void {
  const { 'db.query.text': text, 'db.namespace': database } = span.attributes;
  if (typeof text === 'string') span.updateName(queryName(text, database));
}
