/** The spans of our own: one around each use case. */
import type { Attributes, Span } from '@opentelemetry/api';
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { asDomainError, rootCause } from '../errors.ts';
import { addBaggage } from './baggage.ts';

const tracer = trace.getTracer('aura.core');

/** Runs work inside an INTERNAL span, which is an error when the work fails and we are at fault. */
export async function inSpan<T>(
  name: string,
  attributes: Attributes,
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
export function setAttributes(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
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

/** A caller's fault is no error of ours. What a library threw is recorded, once, as it arose. */
function noteError(span: Span, error: unknown): void {
  const known = asDomainError(error);
  if (known?.kind === 'invalid_argument') return;
  span.setAttribute('error.type', known?.reason ?? errorName(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (rootCause(error) !== known) span.recordException(rootCause(error) as Error);
}
