import type { FastifyRequest } from 'fastify';
import { WrongFields } from './refusal.ts';

/**
 * Refuses the query of a POST whose route has none: it would be passed over without a word.
 * @throws WrongFields that names each parameter, as an unknown field of a body is named
 */
export function refuseQuery({ is404, method, query, routeOptions }: FastifyRequest): void {
  const { schema } = routeOptions;
  if (is404 || method !== 'POST' || schema?.querystring !== undefined) return;
  const names = Object.keys(query as object);
  if (names.length === 0) return;
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
