import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import { isoTimestamp } from './timestamp.ts';

export type { Logger };

/**
 * Creates a logger that writes one JSON object a line to stdout. The message of each call is the
 * event's name in snake_case. Each request logs through a child that has its ids, see
 * {@link traceIds}.
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
    },
    destination,
  );
}

/** Returns `trace_id` and `span_id` of the active span, or neither when there is none. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return {};
  return { trace_id: span.traceId, span_id: span.spanId };
}
