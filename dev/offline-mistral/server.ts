import fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { completeChat } from './chat.ts';
import { addControlRoutes, createRequestLog } from './control.ts';
import { embedTexts } from './embeddings.ts';
import { mistralError, validationError } from './errors.ts';
import type { Endpoint, Fault } from './faults.ts';
import { createFaultSwitch, deliver } from './faults.ts';
import type { ChatRequest, EmbeddingsRequest } from './requests.ts';
import { chatRequestSchema, embeddingsRequestSchema } from './requests.ts';

export type OfflineMistralOptions = { readonly fault?: Fault; readonly delayMs?: number };

/**
 * Builds a stand-in for Mistral's HTTP API that needs no network and no key worth anything: the same
 * question always gets the same answer, and faults can be switched on. The caller listens.
 */
export function createOfflineMistral(options: OfflineMistralOptions = {}): FastifyInstance {
  const { fault = 'none', delayMs = 1000 } = options;
  const faultSwitch = createFaultSwitch({ fault, times: null, delay_ms: delayMs });
  const log = createRequestLog();
  const app = fastify({
    // A hanging answer must not hold up the end of the process.
    forceCloseConnections: true,
    bodyLimit: 16 * 1024 * 1024,
    ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } },
  });

  const answer = async (
    reply: FastifyReply,
    endpoint: Endpoint,
    makeBody: (fault: Fault) => unknown,
  ): Promise<unknown> => {
    const state = faultSwitch.take(endpoint);
    return await deliver(reply, state, makeBody(state.fault), log.countAborted);
  };

  app.setErrorHandler(sendError);
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(mistralError('Not Found', 'not_found')),
  );
  addControlRoutes(app, faultSwitch, log);
  app.register(async (vendor) => {
    vendor.addHook('preValidation', async (request) => log.add(request));
    vendor.addHook('preValidation', requireKey);
    vendor.post<{ Body: ChatRequest }>(
      '/v1/chat/completions',
      { schema: { body: chatRequestSchema } },
      (request, reply) => answer(reply, 'chat', (taken) => completeChat(request.body, taken)),
    );
    vendor.post<{ Body: EmbeddingsRequest }>(
      '/v1/embeddings',
      { schema: { body: embeddingsRequestSchema } },
      (request, reply) => answer(reply, 'embeddings', (taken) => embedTexts(request.body, taken)),
    );
    vendor.get('/v1/models', () => listModels());
  });
  return app;
}

async function requireKey(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (/^Bearer \S+$/i.test(request.headers.authorization ?? '')) return undefined;
  return reply.code(401).send(mistralError('Unauthorized', 'unauthorized'));
}

function sendError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): unknown {
  if (error.validation !== undefined) {
    return reply.code(422).send(validationError(error.validation));
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    return reply.code(status).send(mistralError(String(error), 'internal_server_error'));
  }
  // The vendor answers JSON that cannot be read like any other bad body.
  const flaw = { keyword: 'json_invalid', instancePath: '', message: error.message };
  return reply.code(status === 400 ? 422 : status).send(validationError([flaw]));
}

function listModels(): unknown {
  const card = { object: 'model', type: 'base', created: 0, owned_by: 'mistralai' };
  const chat = { completion_chat: true, function_calling: true };
  return {
    object: 'list',
    data: [
      { ...card, id: 'mistral-large-latest', capabilities: chat },
      { ...card, id: 'mistral-embed', capabilities: { completion_chat: false } },
    ],
  };
}
