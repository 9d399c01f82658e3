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
import { Type } from '../json-schema.ts';
import type { Static } from 'typebox';
import type { Call, CoreClient } from '../core-client.ts';
import { namedByCaller } from '../errors.ts';
import { optional } from './optional.ts';

/**
 * Text without NUL and lone surrogates, which no database takes, without U+FFFD, which stands for
 * text that was broken on its way, and not only spaces. The pattern stands in the OpenAPI document,
 * so it must mean the same in other languages.
 */
const TEXT = '^(?=[\\s\\S]*\\S)[^\\u0000\\ufffd\\ud800-\\udfff]*$';

const TEXT_WORDS = 'text without NUL, U+FFFD or lone surrogates and not only spaces';

export const Wish = Type.Object(
  {
    query: Type.String({
      minLength: 1,
      maxLength: MAX_QUERY_LENGTH,
      pattern: TEXT,
      description: `${TEXT_WORDS}; says in any words what is wanted`,
    }),
    limit: optional(
      Type.Integer({ minimum: 1, maximum: MAX_SEARCH_LIMIT, default: DEFAULT_SEARCH_LIMIT }),
    ),
    min_similarity: optional(Type.Number({ minimum: 0, maximum: 1, default: 0 })),
    currency: optional(
      Type.String({
        pattern: CURRENCY_CODE.pattern,
        description: `${CURRENCY_CODE.words}; only items sold in it are found`,
      }),
    ),
    max_price: optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: MAX_AMOUNT,
        description: "The highest list price, in each item's own currency unless `currency` is set",
      }),
    ),
    attributes: optional(
      Type.Record(
        Type.String({
          pattern: `^(?=.{1,${MAX_ATTRIBUTE_NAME_LENGTH}}$)[^\\u0000\\ufffd\\ud800-\\udfff]+$`,
        }),
        // A union would complain once for each of its parts; one schema of several types does not.
        Type.Unsafe<string | number | boolean | null>({
          type: ['string', 'number', 'boolean', 'null'],
          // A greater number was rounded when it was read; each of them is whole.
          minimum: Number.MIN_SAFE_INTEGER,
          maximum: Number.MAX_SAFE_INTEGER,
          minLength: 1,
          maxLength: MAX_ATTRIBUTE_TEXT_LENGTH,
          pattern: TEXT,
          description: `${TEXT_WORDS}, a number, true or false; null leaves the attribute out`,
        }),
        {
          additionalProperties: false,
          maxProperties: MAX_ATTRIBUTES,
          description:
            'Only items are found that have all of these attributes, each equal to the value or a list with it; "sauna, parking" asks for a list with both',
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

export const SearchAnswer = Type.Object(
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

export type SearchAnswer = Static<typeof SearchAnswer>;

/**
 * Searches the inventory through core.
 * @throws grpc-js's ServiceError; WrongFields for what core refuses of the wish
 */
export async function searchItems(
  core: CoreClient,
  wish: Static<typeof Wish>,
  call: Call,
): Promise<SearchAnswer> {
  const request = toRequest(wish);
  try {
    return toAnswer(await core.search(request, call));
  } catch (error) {
    throw namedByCaller(error, (path) => attributeName(path, request));
  }
}

/** Core tells attributes by their places in the list that the gateway made of the caller's object. */
function attributeName(path: string, { attributes }: SearchRequest): string | undefined {
  const [, place] = /^attributes\[(\d+)\]$/.exec(path) ?? [];
  const name = place === undefined ? undefined : attributes?.[Number(place)]?.name;
  return name === undefined ? undefined : `attributes.${name}`;
}

function toRequest(wish: Static<typeof Wish>): SearchRequest {
  const { max_price: maxPrice = null, attributes } = wish;
  return {
    query: wish.query,
    limit: wish.limit ?? DEFAULT_SEARCH_LIMIT,
    minSimilarity: wish.min_similarity ?? 0,
    currencyCode: wish.currency ?? '',
    ...(maxPrice !== null && { maxPrice }),
    attributes: Object.entries(attributes ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [{ name, ...toValue(value) }],
    ),
  };
}

function toValue(value: string | number | boolean): AttributeFilter {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'number' ? { numberValue: value } : { boolValue: value };
}

function toAnswer({ results }: SearchResponse__Output): SearchAnswer {
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
