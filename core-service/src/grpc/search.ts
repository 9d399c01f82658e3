import type {
  AttributeFilter__Output,
  NegotiationServiceHandlers,
  SearchRequest__Output,
  SearchResponse,
  SearchResultItem,
} from '@aura/proto';
import { DEFAULT_SEARCH_LIMIT } from '@aura/proto/limits.ts';
import type { Context } from '../context.ts';
import { toMajor } from '../money.ts';
import type { Filters } from '../search/filters-repository.ts';
import type { SearchHit } from '../search/search.ts';
import { search } from '../search/search.ts';
import { readQuery, readValue } from '../text/read-query.ts';
import { withoutMarks } from '../text/unseen.ts';
import { unary } from './unary.ts';
import * as validate from './validate.ts';

export function searchHandler(ctx: Context): NegotiationServiceHandlers['Search'] {
  const logger = ctx.logger.child({ logger: 'search' });
  return unary(
    logger,
    'Search',
    async (request: SearchRequest__Output, call): Promise<SearchResponse> => {
      const { minSimilarity } = request;
      const filters = { ...request, attributes: request.attributes.map(readAttribute) };
      validate.validate({
        query: validate.query(request.query),
        limit: validate.limit(request.limit),
        min_similarity: validate.minSimilarity(minSimilarity),
        ...checksOf(filters),
      });
      const limit = request.limit || DEFAULT_SEARCH_LIMIT;
      const query = readQuery(request.query);
      const input = { query, minSimilarity, limit, filters: filtersOf(filters) };
      const hits = await search({ ...ctx, logger, db: ctx.readDb }, input, call);
      return { results: hits.map(toResult) };
    },
  );
}

// Its type says the whole of the message, so that the compiler finds a field that is misspelt.
function toResult(hit: SearchHit): SearchResultItem {
  return {
    itemId: hit.id,
    name: hit.name,
    basePrice: toMajor(hit.baseMinor, hit.currency),
    currencyCode: hit.currency,
    similarityScore: hit.score,
    descriptionSnippet: hit.snippet,
  };
}

type Request = SearchRequest__Output;

/**
 * A filter without what nobody sees, as no item has it either, under the name that was meant. Of its value
 * an item may have each form.
 */
function readAttribute(filter: AttributeFilter__Output): AttributeFilter__Output {
  const { name, stringValue } = filter;
  return {
    ...filter,
    name: readValue(withoutMarks(name)),
    ...(stringValue !== undefined && { stringValue: withoutMarks(stringValue) }),
  };
}

function checksOf({ currencyCode, maxPrice, attributes }: Request) {
  return {
    currency_code: validate.currencyCode(currencyCode),
    max_price: validate.maxPrice(maxPrice),
    attributes: validate.attributeCount(attributes.length),
    ...Object.fromEntries(
      attributes.map((each, i) => [
        `attributes[${i}]`,
        validate.attribute(each.name, valueOf(each)) ??
          validate.otherSpelling(each.name, attributes.slice(0, i)),
      ]),
    ),
  };
}

function filtersOf({ currencyCode, maxPrice, attributes }: Request): Filters {
  return {
    ...(currencyCode !== '' && { currency: currencyCode }),
    ...(maxPrice !== undefined && { maxPrice }),
    attributes: attributes.flatMap((each) => {
      const value = valueOf(each);
      return value === undefined ? [] : [{ name: each.name, value }];
    }),
  };
}

function valueOf(filter: AttributeFilter__Output): string | number | boolean | undefined {
  return filter.stringValue ?? filter.numberValue ?? filter.boolValue;
}
