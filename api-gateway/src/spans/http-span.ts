/** The SERVER span of each request and the metric of how long requests take. */
import { SCHEMA, TELEMETRY_VERSION } from '@aura/proto/telemetry.ts';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { context, metrics, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { knownMethod, requestAttributes } from './http-attributes.ts';
import { LIGHT_ROOT } from './light-context.ts';
import { areLightSpansOn } from './light-spans.ts';
import { isProbe } from './probes.ts';

/** Label sets are kept for the next request; routes, statuses and methods allow no more of them. */
const MAX_LABEL_SETS = 1_000;

const tracer = trace.getTracerProvider().getTracer('aura.gateway.http', TELEMETRY_VERSION, SCHEMA);
const duration = metrics
  .getMeter('aura.gateway.http')
  .createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    advice: {
      explicitBucketBoundaries: [
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
      ],
    },
  });

const TRACED = Symbol('traced');

interface Traced {
  readonly span: Span;
  /** The context in which the span is active; what the request causes begins in it. */
  readonly context: Context;
  readonly startedAt: number;
  /** Undefined until it was found, and where there is none. */
  route: string | undefined;
}
type TracedRequest = IncomingMessage & { [TRACED]?: Traced };

/** Wraps the listener of a server so that it runs within a span of each request. */
export function traceRequests(listener: RequestListener): RequestListener {
  if (!areLightSpansOn()) return listener;
  return (request, response) => {
    if (isProbe(request.url)) return listener(request, response);
    const traced = startSpan(request);
    response.once('close', () => endSpan(request, response, traced));
    context.with(traced.context, listener, undefined, request, response);
  };
}

function startSpan(request: TracedRequest): Traced {
  const startedAt = performance.now();
  const remote = propagation.extract(LIGHT_ROOT, request.headers);
  const options = { kind: SpanKind.SERVER, attributes: requestAttributes(request) };
  const span = tracer.startSpan(request.method ?? 'GET', options, remote);
  const traced = { span, context: trace.setSpan(remote, span), startedAt, route: undefined };
  request[TRACED] = traced;
  return traced;
}

/** Returns the context of a request's span, or undefined where it has none. */
export function contextOf(request: IncomingMessage): Context | undefined {
  return (request as TracedRequest)[TRACED]?.context;
}

/** Puts the route that a request came to onto its span and into its metric. */
export function noteRoute({ raw, routeOptions }: FastifyRequest): void {
  const traced = (raw as TracedRequest)[TRACED];
  if (traced !== undefined) traced.route = routeOptions.url;
}

function endSpan(
  request: IncomingMessage,
  response: ServerResponse,
  { span, route, startedAt }: Traced,
): void {
  const { method = 'GET', httpVersion } = request;
  const { statusCode, errored } = response;
  if (span.isRecording()) {
    span.setAttribute('http.response.status_code', statusCode);
    if (route !== undefined) {
      span.setAttribute('http.route', route);
      span.updateName(`${method} ${route}`);
    }
    if (statusCode >= 500) span.setAttribute('error.type', String(statusCode));
    if (statusCode >= 500 || errored) span.setStatus({ code: SpanStatusCode.ERROR });
    if (errored) span.recordException(errored);
  }
  span.end();
  const seconds = (performance.now() - startedAt) / 1_000;
  duration.record(seconds, labels(method, httpVersion, route, statusCode));
}

const labelSets = new Map<string, Attributes>();

function labels(
  method: string,
  version: string,
  route: string | undefined,
  status: number,
): Attributes {
  const key = `${method} ${version} ${status} ${route}`;
  const known = labelSets.get(key);
  if (known !== undefined) return known;
  // The SDK looks up what is frozen without working out its hash again.
  const made: Attributes = Object.freeze({
    'http.request.method': knownMethod(method),
    'url.scheme': 'http',
    'network.protocol.version': version,
    ...(route !== undefined && { 'http.route': route }),
    'http.response.status_code': status,
    ...(status >= 500 && { 'error.type': String(status) }),
  });
  if (labelSets.size < MAX_LABEL_SETS) labelSets.set(key, made);
  return made;
}
