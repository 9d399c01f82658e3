import type { App } from '../app-type.ts';
import { callFor } from '../call.ts';
import { SearchAnswer, searchItems, Wish } from '../commerce/search.ts';
import type { CoreClient } from '../core-client.ts';
import { problemResponses } from '../problem.ts';

export function searchRoute(app: App, core: CoreClient): void {
  app.post(
    '/v1/search',
    {
      config: { signature: 'asked', limit: 'searches' },
      schema: {
        summary: 'Search the inventory by meaning and by words',
        operationId: 'search',
        tags: ['commerce'],
        body: Wish,
        response: { 200: SearchAnswer, ...problemResponses },
      },
    },
    (request, reply) => searchItems(core, request.body, callFor(request, reply)),
  );
}
