import { Type } from '../json-schema.ts';
import type { App } from '../app-type.ts';
import { callFor } from '../call.ts';
import { Bid, BidAnswer, IdempotencyKey, negotiate } from '../commerce/negotiate.ts';
import type { CoreClient } from '../core-client.ts';
import { answer, problemResponses } from '../problem.ts';

const Headers = Type.Object({ 'idempotency-key': Type.Optional(IdempotencyKey) });

export function negotiateRoute(app: App, core: CoreClient): void {
  app.post(
    '/v1/negotiate',
    {
      config: { signature: 'asked', limit: 'bids' },
      schema: {
        summary: 'Bid on an item; the token of the answer continues the haggle',
        operationId: 'negotiate',
        tags: ['commerce'],
        headers: Headers,
        body: Bid,
        response: {
          200: BidAnswer,
          ...problemResponses,
          403: answer('The request was signed by another agent than `agent_did`'),
        },
      },
    },
    (request, reply) => {
      const { body, headers } = request;
      const call = callFor(request, reply, body.agent_did);
      return negotiate(core, body, headers['idempotency-key'], call);
    },
  );
}
