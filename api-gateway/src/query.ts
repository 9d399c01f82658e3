import type { FastifyRequest } from 'fastify';
import { WrongFields } from './refusal.ts';

/**
 * Refuses the query of a POST whose route has none: it would be passed over without a word.
 * @throws WrongFields that names each parameter, as an unknown field of a body is named
 */
export function refuseQuery(request: FastifyRequest): void {
  if (request.is404 || request.method !== 'POST') return;
  const names = Object.keys(request.query as object);
  if (names.length === 0) return;
  const { schema } = request.routeOptions;
  if (schema?.querystring !== undefined) return;
  const { properties = {} } = (schema?.body ?? {}) as { readonly properties?: object };
  throw new WrongFields(
    names.map((path) => ({
      path,
      message: Object.hasOwn(properties, path)
        ? 'is in the query, but belongs in the body'
        : 'is not a parameter of this request',
    })),
  );
}
