import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import type { JaegerTrace } from './jaeger-json.ts';
import { toJaegerTrace } from './jaeger-json.ts';
import { authority, listenForOtlp } from './otlp.ts';
import { createTraceStore } from './store.ts';

export interface TraceReceiver {
  /** The address of the receiver, which OTEL_EXPORTER_OTLP_ENDPOINT takes. */
  readonly otlpUrl: string;
  /** The address at which it answers `/api/services` and `/api/traces/{id}` as Jaeger does. */
  readonly queryUrl: string;
  close(): Promise<void>;
}

/**
 * Receives traces over OTLP/gRPC, keeps the last 1,000 in memory and answers Jaeger's query API.
 * Port 0 means any free one.
 *
 * @param options.onTrace gets each trace that has gone quiet, for printing
 */
export async function startTraceReceiver(options: {
  /** 127.0.0.1 when it is left out. */
  readonly otlpHost?: string;
  readonly otlpPort: number;
  readonly queryPort: number;
  readonly onTrace?: (trace: JaegerTrace) => void;
}): Promise<TraceReceiver> {
  const { onTrace, otlpHost: host = '127.0.0.1', otlpPort: port } = options;
  const store = createTraceStore((spans) => {
    const traceId = spans[0]?.traceId;
    if (traceId !== undefined) onTrace?.(toJaegerTrace(traceId, spans));
  });
  const app: FastifyInstance = fastify({ forceCloseConnections: true });
  app.get('/api/services', () => {
    const services = store.services();
    return { data: services, total: services.length, errors: null };
  });
  app.get<{ Params: { id: string } }>('/api/traces/:id', (request, reply) => {
    const traceId = request.params.id.toLowerCase().padStart(32, '0');
    const spans = store.get(traceId);
    if (spans.length > 0) return { data: [toJaegerTrace(traceId, spans)], total: 1, errors: null };
    const errors = [{ code: 404, msg: 'trace not found' }];
    return reply.code(404).send({ data: null, total: 0, errors });
  });
  const queryUrl = await app.listen({ host: '127.0.0.1', port: options.queryPort });
  const otlp = await listenForOtlp({ host, port }, (spans) => store.add(spans));
  return {
    otlpUrl: `http://${authority(host, otlp.port)}`,
    queryUrl,
    close: async () => {
      otlp.close();
      store.close();
      await app.close();
    },
  };
}
