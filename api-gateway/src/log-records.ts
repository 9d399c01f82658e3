/** Log lines as OpenTelemetry's log records, which OTEL_LOGS_EXPORTER=otlp sends beside stdout. */
import type { Attributes, Context, LogRecord } from '@opentelemetry/api';
import { logs, ROOT_CONTEXT, SeverityNumber, trace, TraceFlags } from '@opentelemetry/api';

const SEVERITIES: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

interface Line {
  readonly level: string;
  readonly timestamp: string;
  readonly event: string;
  readonly logger?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly err?: { readonly type?: string; readonly message?: string; readonly stack?: string };
}

/** Emits a record of a line, with what the line says and nothing else. */
export function emitLine(line: string): void {
  const { logger = 'server', ...parsed } = JSON.parse(line) as Line & Attributes;
  logs.getLogger(`aura.${logger}`).emit(recordOf(parsed));
}

function recordOf(line: Omit<Line, 'logger'> & Attributes): LogRecord {
  // The resource has the name of the service.
  const { level, timestamp, event, trace_id, span_id, err, service: _service, ...rest } = line;
  return {
    eventName: event,
    body: event,
    severityText: level,
    severityNumber: SEVERITIES[level] ?? SeverityNumber.UNSPECIFIED,
    timestamp: new Date(timestamp),
    context: contextOf(trace_id, span_id),
    attributes: {
      ...rest,
      ...(err && {
        'exception.type': err.type,
        'exception.message': err.message,
        'exception.stacktrace': err.stack,
      }),
    },
  };
}

function contextOf(traceId: string | undefined, spanId: string | undefined): Context {
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED });
}
