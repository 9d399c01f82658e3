/** The spans of our own: one around each use case. */
import { SCHEMA, TELEMETRY_VERSION } from '@aura/proto/telemetry.ts';
import type { AuraAttributes, AuraSpan } from '@aura/proto/telemetry.ts';
import type { Span } from '@opentelemetry/api';
import { context, isSpanContextValid, SpanStatusCode, trace } from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';
import { asDomainError, rootCause } from '../errors.ts';
import { addBaggage } from './baggage.ts';

const tracer = trace.getTracerProvider().getTracer('aura.core', TELEMETRY_VERSION, SCHEMA);

/** Runs work inside an INTERNAL span, which is an error when the work fails and we are at fault. */
export async function inSpan<T>(
  name: AuraSpan,
  attributes: AuraAttributes,
  work: () => Promise<T>,
): Promise<T> {
  const all = addBaggage({ ...attributes }, context.active());
  return tracer.startActiveSpan(name, { attributes: all }, async (span) => {
    try {
      return await work();
    } catch (error) {
      noteError(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Puts attributes onto the span that the present work runs in. */
export function setAttributes(attributes: AuraAttributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** Returns the active span's context as a W3C `traceparent`, by which a later span can link to it; null without one. */
export function activeTraceparent(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return null;
  return `00-${span.traceId}-${span.spanId}-0${span.traceFlags}`;
}

/** Links the active span to the one that {@link activeTraceparent} told of; nothing where there was none. */
export function linkTo(traceparent: string | null | undefined): void {
  const span = trace.getActiveSpan();
  if (!traceparent || !span?.isRecording()) return;
  const linked = parseTraceParent(traceparent);
  if (linked) span.addLink({ context: linked });
}

/** The class of an error; its message may quote what was said or asked. */
function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * The log may say this of a failed call of a vendor: the error's class, and the HTTP status of the
 * answer where there was one.
 */
export function describeFailure(error: unknown): {
  readonly error_type: string;
  readonly status_code?: number;
} {
  const type = { error_type: errorName(error) };
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('statusCode' in each && typeof each.statusCode === 'number') {
      return { ...type, status_code: each.statusCode };
    }
  }
  return type;
}

/**
 * Says why work failed. A caller's fault is no error of ours, and leaves the span as it was but for its
 * reason. What a library threw is recorded, once, as it arose.
 */
function noteError(span: Span, error: unknown): void {
  const known = asDomainError(error);
  if (known) span.setAttribute('aura.error.reason', known.reason);
  if (known?.isCallersFault) return;
  span.setAttribute('error.type', known?.reason ?? errorName(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (rootCause(error) !== known) span.recordException(rootCause(error) as Error);
}
