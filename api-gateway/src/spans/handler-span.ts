/** The INTERNAL span of each request's handler. */
import { context, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import type { RouteHandlerMethod } from 'fastify';
import type { App } from '../app-type.ts';
import { contextOf, noteRoute } from './http-span.ts';
import { areLightSpansOn } from './light-spans.ts';

const tracer = trace.getTracer('aura.gateway.http');

/** Makes a span of the handler of each route that is added after this, and notes each request's route. */
export function traceRoutes(app: App): void {
  if (!areLightSpansOn()) return;
  app.addHook('onRequest', (request, _reply, done) => {
    noteRoute(request);
    done();
  });
  app.addHook('onRoute', (route) => {
    route.handler = tracedHandler(route.handler, route.url);
  });
}

/**
 * Wraps a handler so that it runs within a span of its own, which ends when the handler does.
 *
 * @param route the route's path, undefined for the handler of what is not found
 */
export function tracedHandler(handler: RouteHandlerMethod, route?: string): RouteHandlerMethod {
  if (!areLightSpansOn()) return handler;
  let attributes: Attributes | undefined;
  return function traced(this: App, request, reply) {
    const parent = contextOf(request.raw);
    if (parent === undefined) return handler.call(this, request, reply);
    attributes ??= {
      'plugin.name': this.pluginName,
      'fastify.type': 'request_handler',
      ...(route !== undefined && { 'http.route': route }),
      ...(handler.name !== '' && { 'fastify.name': handler.name }),
    };
    const span = tracer.startSpan('request handler - fastify', { attributes }, parent);
    return context.with(trace.setSpan(parent, span), () =>
      untilEnd(span, () => handler.call(this, request, reply)),
    );
  };
}

/** Ends the span when the work has ended, which may go on in a promise. */
function untilEnd(span: Span, work: () => unknown): unknown {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    span.end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  return result.finally(() => span.end());
}
