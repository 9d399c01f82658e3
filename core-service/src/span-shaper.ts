import type { Attributes } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { callScope } from './llm/call-scope.ts';

const LANGCHAIN = '@traceloop/instrumentation-langchain';
const GRPC = '@opentelemetry/instrumentation-grpc';
/** gRPC codes that mean the caller asked wrongly; the server did its work. */
const CLIENT_FAULTS = new Set([1, 3, 5, 6, 7, 9, 10, 11, 16]);

/** Says in the terms of the semantic conventions what the instrumentations say otherwise. */
export class SpanShaper implements SpanProcessor {
  onStart(span: Span): void {
    // LangChain's span is never the active one; the HTTP call finds its parent here.
    const scope = callScope.getStore();
    if (scope && span.instrumentationScope.name === LANGCHAIN) scope.span = span;
  }

  onEnding(span: Span): void {
    const { name } = span.instrumentationScope;
    if (name === LANGCHAIN) shapeChat(span);
    else if (name === GRPC && span.kind === SpanKind.SERVER) shapeServer(span);
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
  const scope = callScope.getStore();
  const attributes: Attributes = { 'gen_ai.provider.name': 'mistral_ai' };
  if (scope?.finishReason) attributes['gen_ai.response.finish_reasons'] = [scope.finishReason];
  if (scope?.responseModel) attributes['gen_ai.response.model'] = scope.responseModel;
  const failed = span.status.code === SpanStatusCode.ERROR;
  if (failed) attributes['error.type'] = exceptionType(span) ?? '_OTHER';
  span.setAttributes(attributes);
}

function exceptionType(span: Span): string | undefined {
  const type = span.events.at(-1)?.attributes?.['exception.type'];
  return typeof type === 'string' ? type : undefined;
}

function shapeServer(span: Span): void {
  const code = Number(span.attributes['rpc.grpc.status_code']);
  if (CLIENT_FAULTS.has(code)) span.setStatus({ code: SpanStatusCode.OK });
  else if (code > 0) span.setAttribute('error.type', String(code));
}
