import { SCHEMA, TELEMETRY_VERSION } from '@aura/proto/telemetry.ts';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { SpanKind, trace } from '@opentelemetry/api';
import { toProblem } from './problem.ts';
import type { Fault } from './problem.ts';

const FAULTS: Readonly<Record<string, Fault>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'HEADERS_TOO_LARGE',
    detail: 'The headers are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'REQUEST_TIMEOUT',
    detail: 'The request took too long to arrive.',
  },
};
const MALFORMED: Fault = {
  status: 400,
  reason: 'MALFORMED_HTTP',
  detail: 'The bytes received are not a valid HTTP/1.1 request.',
};

/**
 * Answers bytes that Node could not parse as a request. No instrumentation saw them, so this makes
 * their span: the trace id in the answer must lead somewhere.
 */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const fault = FAULTS[error.code ?? ''] ?? MALFORMED;
  const span = trace
    .getTracerProvider()
    .getTracer('aura.gateway', TELEMETRY_VERSION, SCHEMA)
    .startSpan('HTTP', {
      kind: SpanKind.SERVER,
      root: true,
      attributes: {
        'http.request.method': '_OTHER',
        'http.response.status_code': fault.status,
        'error.type': error.code ?? '_OTHER',
      },
    });
  const { traceId } = span.spanContext();
  span.end();
  const traced = /[1-9a-f]/.test(traceId);
  const body = JSON.stringify(toProblem(fault, '/', traced ? traceId : undefined));
  const head = [
    `HTTP/1.1 ${fault.status} ${STATUS_CODES[fault.status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    `x-request-id: ${randomUUID()}`,
    ...(traced ? [`x-trace-id: ${traceId}`] : []),
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
