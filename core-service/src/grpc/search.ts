import type { SearchRequest__Output, SearchResponse } from '@aura/proto';
import type { Context } from '../context.ts';
import { toMajor } from '../money.ts';
import { search } from '../search/search.ts';
import { unary } from './unary.ts';
import * as validate from './validate.ts';

const DEFAULT_LIMIT = 3;

export function searchHandler(ctx: Context) {
  const logger = ctx.logger.child({ logger: 'search' });
  return unary(
    logger,
    'Search',
    async (request: SearchRequest__Output, { signal }): Promise<SearchResponse> => {
      const { query, minSimilarity } = request;
      validate.validate({
        query: validate.query(query),
        limit: validate.limit(request.limit),
        min_similarity: validate.minSimilarity(minSimilarity),
      });
      const input = { query, minSimilarity, limit: request.limit || DEFAULT_LIMIT };
      const hits = await search({ ...ctx, logger }, input, signal);
      return {
        results: hits.map((hit) => ({
          itemId: hit.id,
          name: hit.name,
          basePrice: toMajor(hit.baseMinor, hit.currency),
          currencyCode: hit.currency,
          similarityScore: hit.score,
          descriptionSnippet: hit.snippet,
        })),
      };
    },
  );
}
