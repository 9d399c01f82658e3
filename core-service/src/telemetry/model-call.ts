import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';

export interface ModelCall {
  readonly signal: AbortSignal;
  /** Checks what the API answered, parsed, before its client reads it; throws, or gives it back mended. */
  readonly check?: (body: unknown) => unknown;
  /** The span of the call: ours for embeddings, LangChain's (put here when it starts) for chat. */
  span?: Span;
  finishReason?: string;
  responseModel?: string;
}

/**
 * The call of the model that is under way. LangChain hands neither a signal nor its span down to the
 * HTTP client (a signal given to `invoke` would switch it to streaming), so both go this way.
 */
export const modelCall = new AsyncLocalStorage<ModelCall>();
