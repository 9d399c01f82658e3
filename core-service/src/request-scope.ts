import { AsyncLocalStorage } from 'node:async_hooks';

/** One call of a caller who may go away, and will not wait for ever. */
export interface Call {
  /** Aborts when the caller went away or its deadline passed. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970-01-01. */
  readonly deadlineAt: number;
}

/** Carried beside the OpenTelemetry context, which can be off. */
export interface RequestScope extends Call {
  readonly requestId: string;
}

export const requestScope = new AsyncLocalStorage<RequestScope>();

/** For what has to be done although the caller may be gone: its statements are not cancelled. */
export function uncancelled<T>(work: () => T): T {
  const scope = requestScope.getStore();
  if (!scope) return work();
  return requestScope.run({ ...scope, signal: new AbortController().signal }, work);
}
