import type { AttributeFilter, SearchRequest, SearchResponse__Output } from '@aura/proto';
import {
  CURRENCY_CODE,
  DEFAULT_SEARCH_LIMIT,
  MAX_AMOUNT,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_ATTRIBUTE_TEXT_LENGTH,
  MAX_ATTRIBUTES,
  MAX_QUERY_LENGTH,
  MAX_SEARCH_LIMIT,
} from '@aura/proto/limits.ts';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { App } from '../app-type.ts';
import type { CoreClient } from '../core-client.ts';
import { disconnectSignal } from '../disconnect.ts';
import { problemResponses } from '../problem.ts';

/**
 * Text without NUL and lone surrogates, which no database takes, and not only spaces. The pattern
 * stands in the OpenAPI document, so it must mean the same in other languages.
 */
const TEXT = '^(?=[\\s\\S]*\\S)[^\\u0000\\ud800-\\udfff]*$';

const Body = Type.Object(
  {
    query: Type.String({
      minLength: 1,
      maxLength: MAX_QUERY_LENGTH,
      pattern: TEXT,
      description:
        'text without NUL or lone surrogates and not only spaces; says in any words what is wanted',
    }),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_SEARCH_LIMIT, default: DEFAULT_SEARCH_LIMIT }),
    ),
    min_similarity: Type.Optional(Type.Number({ minimum: 0, maximum: 1, default: 0 })),
    currency: Type.Optional(
      Type.String({
        pattern: CURRENCY_CODE.pattern,
        description: `${CURRENCY_CODE.words}; only items sold in it are found`,
      }),
    ),
    max_price: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: MAX_AMOUNT,
        description: "The highest list price, in each item's own currency unless `currency` is set",
      }),
    ),
    attributes: Type.Optional(
      Type.Record(
        Type.String({
          pattern: `^(?=.{1,${MAX_ATTRIBUTE_NAME_LENGTH}}$)[^\\u0000\\ud800-\\udfff]+$`,
        }),
        // A union would complain once for each of its parts; one schema of three types does not.
        Type.Unsafe<string | number | boolean>({
          type: ['string', 'number', 'boolean'],
          minLength: 1,
          maxLength: MAX_ATTRIBUTE_TEXT_LENGTH,
          pattern: TEXT,
        }),
        {
          additionalProperties: false,
          maxProperties: MAX_ATTRIBUTES,
          description:
            'Only items are found that have all of these attributes, each equal to the value or a list with it',
          examples: [{ city: 'Bali', amenities: 'free wifi' }],
        },
      ),
    ),
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
        price: Type.Number({ description: 'The list price in major units of `currency`' }),
        currency: Type.String({ description: 'The ISO 4217 code of the price' }),
        score: Type.Number({
          description: 'The cosine similarity from 0 to 1; the order also depends on words',
        }),
        details: Type.String({ description: 'A sentence about the item' }),
      }),
    ),
  },
  {
    description: 'The active items that were found, best first',
    examples: [
      {
        results: [
          {
            id: 'hostel_beta',
            name: 'Backpacker Hostel Beta',
            price: 50,
            currency: 'USD',
            score: 0.5625,
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
        summary: 'Search the inventory by meaning and by words',
        operationId: 'search',
        tags: ['commerce'],
        body: Body,
        response: { 200: Answer, ...problemResponses },
      },
    },
    async (request, reply) => {
      const call = { requestId: request.id, signal: disconnectSignal(reply) };
      return toAnswer(await core.search(toRequest(request.body), call));
    },
  );
}

function toRequest(body: Static<typeof Body>): SearchRequest {
  const { query, limit = DEFAULT_SEARCH_LIMIT, min_similarity: minSimilarity = 0 } = body;
  const { currency: currencyCode = '', max_price: maxPrice, attributes = {} } = body;
  const filters = Object.entries(attributes).map(([name, value]) => ({ name, ...toValue(value) }));
  const optional = maxPrice === undefined ? {} : { maxPrice };
  return { query, limit, minSimilarity, currencyCode, ...optional, attributes: filters };
}

function toValue(value: string | number | boolean): AttributeFilter {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'number' ? { numberValue: value } : { boolValue: value };
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
