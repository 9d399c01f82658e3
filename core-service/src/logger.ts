import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import { rootCause } from './errors.ts';
import { requestScope } from './request-scope.ts';
import { isoTimestamp } from './timestamp.ts';

export type { Logger };

/**
 * One JSON object a line on stdout. The message of each call is the event's name in snake_case;
 * inside a request the line has `request_id`, `trace_id` and `span_id`.
 */
export function createLogger(
  options: {
    readonly level: string;
    readonly service: string;
    /** The number of this process among several workers. */
    readonly worker?: number | undefined;
  },
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      level: options.level,
      messageKey: 'event',
      base: {
        service: options.service,
        ...(options.worker !== undefined && { worker: options.worker }),
      },
      timestamp: () => `,"timestamp":"${isoTimestamp(Date.now())}"`,
      formatters: { level: (label) => ({ level: label }) },
      mixin: requestIds,
      serializers: { err: describeError },
    },
    destination,
  );
}

function describeError(error: unknown): unknown {
  const root = rootCause(error);
  if (!(root instanceof Error)) return { type: typeof root };
  const code = 'code' in root ? root.code : undefined;
  return { type: root.name, code, message: root.message, stack: root.stack };
}

function requestIds(): Record<string, string> {
  const ids: Record<string, string> = {};
  const scope = requestScope.getStore();
  if (scope) ids['request_id'] = scope.requestId;
  const span = trace.getActiveSpan()?.spanContext();
  if (span && isSpanContextValid(span)) {
    ids['trace_id'] = span.traceId;
    ids['span_id'] = span.spanId;
  }
  return ids;
}
