/** A vendor's embedder needs this around it: batches, a rate, patience with failures, a memory. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CircuitBreakerPolicy } from 'cockatiel';
import {
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible';
import { setAttributes } from '../telemetry/spans.ts';
import { CallerGoneError } from './chat-model.ts';
import type { Embedder } from './embedder.ts';
import { EmbeddingError } from './embedder.ts';
import { askedMs, retryAfterMs } from './retry-after.ts';
import { BrokenAnswerError, UnreadableAnswerError } from './unreadable-answer.ts';

/** The most texts of one call; Mistral takes 16,384 tokens at most, and few texts have more than one in 2 bytes. */
export const BATCH_TEXTS = 64;
const BATCH_BYTES = 24_000;
const BATCH_TIMEOUT_MS = 60_000;
const ATTEMPTS = 8;
/** An answer that breaks off each time is paid for each time. */
const BROKEN_ATTEMPTS = 4;
const BACKOFF = { initialDelay: 500, maxDelay: 30_000 };

/** Milliseconds that one batch waits in all because it was asked to; then it is left for another time. */
const MAX_WAITS_MS = 180_000;
/** A shorter wait is none that anybody would wonder at. */
const TOLD_FROM_MS = 5_000;
/** Milliseconds after a wait that was told in which no other one is. */
const QUIET_MS = 300_000;

/** The vendor is asked too much, and wants to be left alone for a while. */
export interface Wait {
  readonly status: number | undefined;
  /** Milliseconds, as the vendor asked. */
  readonly askedMs: number;
}

export interface Patience {
  /** Is told of a wait of some seconds, and of no other one in the five minutes after it. */
  readonly onWait?: (wait: Wait) => void;
  readonly maxWaitsMs?: number;
  /** One wait is no longer. */
  readonly maxWaitMs?: number;
}

/** Queries whose vectors are remembered, of 8 kB each; the oldest one is forgotten first. */
const CACHED_QUERIES = 1_000;
const QUERY_TIMEOUT_MS = 3_000;
const FAILURES_TO_OPEN = 5;
const OPEN_FOR_MS = 10_000;

/**
 * Wraps an embedder that is asked over the network. Texts in bulk: batch by batch, no more calls a
 * second than allowed, each tried again while the vendor is busy or down. A query, which somebody
 * waits for: at once or not at all, not at all for some seconds after five failures, and not twice.
 */
export function withPatience(
  embedder: Embedder,
  callsPerSecond: number,
  options: Patience = {},
): Embedder {
  const waits = keepWaits(options);
  const turns = new RateLimiterQueue(
    new RateLimiterMemory({ points: callsPerSecond, duration: 1 }),
  );
  const patience = wrap(
    retry(handleWhen(isPassing), {
      maxAttempts: ATTEMPTS - 1,
      backoff: new ExponentialBackoff(BACKOFF),
    }),
    retry(handleWhen(isBroken), {
      maxAttempts: BROKEN_ATTEMPTS - 1,
      backoff: new ExponentialBackoff(BACKOFF),
    }),
    // A page that somebody on the way puts in once is no reason to give up a long import.
    retry(handleWhen(isUnreadable), {
      maxAttempts: 1,
      backoff: new ConstantBackoff(BACKOFF.initialDelay),
    }),
  );
  // Callers who hang up must not open the circuit for everybody, nor close it when they do so
  // during the one call that probes the embedder.
  const isFailure = (error: unknown): boolean =>
    !(error instanceof CallerGoneError) || breaker.state === CircuitState.HalfOpen;
  const breaker: CircuitBreakerPolicy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: OPEN_FOR_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  // The model is the same for as long as this embedder is.
  const known = new LRUCache<string, number[]>({ max: CACHED_QUERIES });

  const embedBatch = (texts: readonly string[], signal: AbortSignal): Promise<number[][]> => {
    const waitAsAsked = waits();
    return patience.execute(async () => {
      await turns.removeTokens(1);
      const soon = AbortSignal.any([signal, AbortSignal.timeout(BATCH_TIMEOUT_MS)]);
      try {
        return await embedder.embed(texts, soon);
      } catch (error) {
        await waitAsAsked(error, signal);
        throw error;
      }
    }, signal);
  };

  return {
    model: embedder.model,
    embed: async (texts, signal = new AbortController().signal) => {
      const vectors: number[][] = [];
      for (const batch of batchesOf(texts)) {
        signal.throwIfAborted();
        vectors.push(...(await embedBatch(batch, signal)));
      }
      return vectors;
    },
    embedQuery: async (query, signal) => {
      const cached = known.get(query);
      if (cached) {
        // There is no call, and so no span of one.
        setAttributes({ 'aura.search.embedding_cached': true });
        return cached;
      }
      const soon = AbortSignal.any([signal, AbortSignal.timeout(QUERY_TIMEOUT_MS)]);
      const vector = await breaker.execute(async () => {
        try {
          return await embedder.embedQuery(query, soon);
        } catch (error) {
          throw signal.aborted ? new CallerGoneError({ cause: error }) : error;
        }
      });
      known.set(query, vector);
      return vector;
    },
  };
}

function* batchesOf(texts: readonly string[]): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text);
    const isFull = batch.length === BATCH_TEXTS || bytes + size > BATCH_BYTES;
    if (isFull && batch.length > 0) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(text);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/**
 * Busy, down or unreachable: the next time may be better. A refused key or text stays refused,
 * and an answer that is whole but none to what was asked stays what it is.
 */
function isPassing(error: unknown): boolean {
  if (error instanceof EmbeddingError) return false;
  const { statusCode } = error as { readonly statusCode?: number };
  if (statusCode === undefined || statusCode < 400) return true;
  return statusCode === 408 || statusCode === 429 || statusCode >= 500;
}

/** The connection may hold the next time; a proxy that cuts every long answer cuts the next one too. */
function isBroken(error: unknown): boolean {
  return error instanceof EmbeddingError && error.cause instanceof BrokenAnswerError;
}

/** An answer that is no JSON stays none, as a rule. */
function isUnreadable(error: unknown): boolean {
  return error instanceof EmbeddingError && error.cause instanceof UnreadableAnswerError;
}

/**
 * Waits as long as a vendor who is asked too much wants us to, within bounds.
 *
 * @returns makes the waiting of one batch, which throws an EmbeddingError when it has lasted too long in all
 */
function keepWaits({ onWait, maxWaitsMs = MAX_WAITS_MS, maxWaitMs = Infinity }: Patience) {
  let toldAt = -Infinity;
  return () => {
    let waited = 0;
    return async (error: unknown, signal: AbortSignal): Promise<void> => {
      const { headers, statusCode: status } = error as { headers?: unknown; statusCode?: number };
      if (!(headers instanceof Headers)) return;
      const ms = Math.min(retryAfterMs(headers), maxWaitMs);
      if (ms === 0) return;
      const asked = askedMs(headers);
      if (waited >= maxWaitsMs) {
        const seconds = Math.round(asked / 1_000);
        const message = `it asks to be left alone for ${seconds} s more (${status}), which is not waited for`;
        throw new EmbeddingError(message, { cause: error });
      }
      if (asked >= TOLD_FROM_MS && Date.now() - toldAt > QUIET_MS) {
        toldAt = Date.now();
        onWait?.({ status, askedMs: asked });
      }
      waited += ms;
      await wait(ms, undefined, { signal });
    };
  };
}
