/** RFC 9457 problem details, the one shape of every error. */
import { STATUS_CODES } from 'node:http';
import { Type } from 'typebox';
import type { Static } from 'typebox';

export const PROBLEM_TYPE = 'application/problem+json';

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'A URN that names the kind of problem' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String({ description: 'The path that was asked for' }),
    trace_id: Type.Optional(Type.String({ description: 'Find the request by it in Jaeger' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
        description: 'The fields that were wrong',
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

/** What went wrong, before it is tied to a request. */
export interface Fault {
  readonly status: number;
  /** UPPER_SNAKE_CASE; becomes the problem's type. */
  readonly reason?: string | undefined;
  readonly detail: string;
  readonly errors?: readonly FieldError[] | undefined;
  /** Seconds. */
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

/** The error answers every route of the API can give. */
export const problemResponses = {
  400: answer('A field is wrong; `errors` names it'),
  409: answer('Not possible in the present state'),
  413: answer('The body is larger than 16 KiB'),
  415: answer('The body is not plain JSON'),
  422: answer('The idempotency key belongs to another request'),
  429: answer('Too many requests'),
  500: answer('A fault of ours'),
  503: answer('A part is down, or too much is asked; come back after `Retry-After` seconds'),
  504: answer('It took too long'),
};
