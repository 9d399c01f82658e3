import type { SearchResponse__Output } from '@aura/proto';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { App } from '../app-type.ts';
import type { CoreClient } from '../core-client.ts';
import { disconnectSignal } from '../disconnect.ts';
import { problemResponses } from '../problem.ts';

/**
 * Any text but NUL and lone surrogates, which no database takes, and not only spaces. It is in the
 * OpenAPI document, so it must be a pattern in other languages too.
 */
const TEXT = '^(?=[\\s\\S]*\\S)[^\\u0000\\ud800-\\udfff]*$';

const Body = Type.Object(
  {
    query: Type.String({
      minLength: 1,
      maxLength: 500,
      pattern: TEXT,
      description: 'text without NUL or lone surrogates and not only spaces; a wish in any words',
    }),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 3 })),
    min_similarity: Type.Optional(Type.Number({ minimum: 0, maximum: 1, default: 0 })),
  },
  {
    additionalProperties: false,
    examples: [{ query: 'cheap place near the beach in Bali', limit: 3 }],
  },
);

const Answer = Type.Object(
  {
    results: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        price: Type.Number({ description: 'List price in major units of `currency`' }),
        currency: Type.String({ description: 'ISO 4217' }),
        score: Type.Number({ description: 'Cosine similarity, 0 to 1' }),
        details: Type.String({ description: 'A sentence about the item' }),
      }),
    ),
  },
  {
    description: 'Active items, best first',
    examples: [
      {
        results: [
          {
            id: 'hostel_beta',
            name: 'Backpacker Hostel Beta',
            price: 50,
            currency: 'USD',
            score: 0.5532,
            details:
              'Sociable, budget-friendly hostel in Canggu, Bali, three minutes on foot from a wide surf beach.',
          },
        ],
      },
    ],
  },
);

export function searchRoute(app: App, core: CoreClient): void {
  app.post(
    '/v1/search',
    {
      schema: {
        summary: 'Search the inventory by meaning',
        operationId: 'search',
        tags: ['commerce'],
        body: Body,
        response: { 200: Answer, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { query, limit = 3, min_similarity: minSimilarity = 0 } = request.body;
      const call = { requestId: request.id, signal: disconnectSignal(reply) };
      return toAnswer(await core.search({ query, limit, minSimilarity }, call));
    },
  );
}

function toAnswer({ results }: SearchResponse__Output): Static<typeof Answer> {
  return {
    results: results.map((item) => ({
      id: item.itemId,
      name: item.name,
      price: item.basePrice,
      currency: item.currencyCode,
      score: item.similarityScore,
      details: item.descriptionSnippet,
    })),
  };
}
