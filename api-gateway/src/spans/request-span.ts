/** What a request is about and came to, on its own span: a reader has to open no other to see it. */
import type { AuraAttributes } from '@aura/proto/telemetry.ts';
import type { Context } from '@opentelemetry/api';
import { context, trace } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import { contextOf, noteRoute } from './http-span.ts';
import { areLightSpansOn } from './light-spans.ts';

/** Notes the route of each request; the instrumentations find it by themselves. */
export function traceRoutes(app: App): void {
  if (!areLightSpansOn()) return;
  app.addHook('onRequest', (request, _reply, done) => {
    noteRoute(request);
    done();
  });
}

/** Returns the context of the request's span, also where a callback has lost it. */
export function requestContext({ raw }: FastifyRequest): Context {
  return contextOf(raw) ?? context.active();
}

/** Puts attributes onto the span of a context, which is the request's, or that of its call of MCP. */
export function noteOn(of: Context, attributes: AuraAttributes): void {
  trace.getSpan(of)?.setAttributes(attributes);
}
