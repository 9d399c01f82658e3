/** What a tool call failed with, as a result that a model can act on. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Fault } from '../problem.ts';
import { toProblem } from '../problem.ts';

/** The name over HTTP of what is an argument here. */
const KEY_HEADER = /Idempotency-Key/gi;
const KEY_ARGUMENT = 'idempotency_key';

/** The step to take after each status, for a model that has nothing else to go by. */
const NEXT: Readonly<Record<number, string>> = {
  400: 'Correct what is named, and call again.',
  401: 'Sign the request anew, with a new nonce.',
  403: 'Bid as the agent that signs the request.',
  404: 'Check what you sent; it stands in an earlier answer.',
  409: 'Look at the state again before you repeat the call.',
  422: 'Another bid needs another idempotency_key.',
  500: 'Do not repeat the call; report the trace_id.',
  504: 'The call may have counted: repeat it with the same idempotency_key.',
};

/**
 * Returns a result that says what went wrong and what to do next, and then the problem as HTTP has it.
 * It has no structured content, which some clients would hold against the tool's output schema.
 */
export function toToolError(fault: Fault, traceId: string | undefined): CallToolResult {
  const told = { ...fault, detail: fault.detail.replace(KEY_HEADER, KEY_ARGUMENT) };
  const errors = fault.errors?.map(({ path, message }) => ({
    path: path.replace(KEY_HEADER, KEY_ARGUMENT),
    message,
  }));
  const problem = toProblem(errors ? { ...told, errors } : told, '/mcp', traceId);
  const fields = errors?.map(({ path, message }) => `${path || 'the arguments'} ${message}.`) ?? [];
  const words = [`${problem.title}: ${problem.detail}`, ...fields, nextStep(fault)].join(' ');
  const retry = fault.retryAfter !== undefined && { retry_after: fault.retryAfter };
  return {
    isError: true,
    content: [
      { type: 'text', text: words },
      { type: 'text', text: JSON.stringify({ ...problem, ...retry }) },
    ],
  };
}

function nextStep({ status, retryAfter }: Fault): string {
  if (retryAfter === undefined) return NEXT[status] ?? 'Try again later.';
  return `Repeat the same call in ${retryAfter} s; under the same idempotency_key a bid counts once.`;
}
