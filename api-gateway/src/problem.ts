/** Problem details (RFC 9457) are the one shape of every error. */
import { STATUS_CODES } from 'node:http';
import { Type } from './json-schema.ts';
import type { Static } from 'typebox';

export const PROBLEM_TYPE = 'application/problem+json';

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'A URN that names the kind of problem, or `about:blank`' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String({ description: 'The path of the request' }),
    trace_id: Type.Optional(
      Type.String({ description: 'The trace of the request, by which Jaeger finds it' }),
    ),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
        description: 'Each wrong field with what it must be',
      }),
    ),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A fault is what went wrong, before it is tied to a request. */
export interface Fault {
  readonly status: number;
  /** The reason in UPPER_SNAKE_CASE becomes the problem's type. */
  readonly reason?: string | undefined;
  readonly detail: string;
  readonly errors?: readonly FieldError[] | undefined;
  /** Seconds after which the caller may try again; they become the `Retry-After` header. */
  readonly retryAfter?: number | undefined;
}

export function toProblem(fault: Fault, instance: string, traceId: string | undefined): Problem {
  const name = fault.reason?.toLowerCase().replaceAll('_', '-');
  return {
    type: name ? `urn:aura:problem:${name}` : 'about:blank',
    title: STATUS_CODES[fault.status] ?? 'Error',
    status: fault.status,
    detail: fault.detail,
    instance,
    ...(traceId !== undefined && { trace_id: traceId }),
    ...(fault.errors && { errors: [...fault.errors] }),
  };
}

export const answer = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: Type.Ref('Problem') } },
});

/** These are the errors that every route of the API can answer with. */
export const problemResponses = {
  400: answer('A field is wrong, and `errors` names it'),
  401: answer(
    'The signature is wrong, or there is none where one is asked for; `Accept-Signature` says what to sign',
  ),
  409: answer('The request conflicts with the present state'),
  413: answer('The body is larger than 16 KiB'),
  415: answer('The body is not uncompressed JSON in UTF-8'),
  422: answer('The idempotency key was used for another request'),
  429: answer(
    'The caller sends too many requests, or has too many open sessions of the item; try again after `Retry-After` seconds',
  ),
  500: answer('The service failed, and logged why'),
  503: answer(
    'A part of the service is down, or too much is asked; try again after `Retry-After` seconds',
  ),
  504: answer('The service took too long to answer'),
};
