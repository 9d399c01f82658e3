/** The embedders behind one interface, and the span that each call gets. */
import { SCHEMA, TELEMETRY_VERSION } from '@aura/proto/telemetry.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { EMBEDDING_DIMENSIONS } from '../db/schema.ts';
import { measured } from './metrics.ts';
import { LOCAL_EMBEDDERS, LOCAL_EMBEDDING_MODEL, saysNothing } from './local-embedder.ts';
import { divided, lengthOf } from './vectors.ts';

export interface Embedder {
  /** Stored beside each vector; vectors of two models are never compared. */
  readonly model: string;
  /**
   * One unit vector of 1024 finite numbers for each text, in order.
   *
   * @throws when the model fails or its answer is no such vectors
   */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<number[][]>;
  /** The same for a query, which somebody waits for. */
  embedQuery(query: string, signal: AbortSignal): Promise<number[]>;
  /** True of a vector that is as far from one item as from any other. */
  saysNothing?(vector: readonly number[]): boolean;
}

/** The local embedder makes so many vectors, of about a millisecond each, before others have a turn. */
const TEXTS_A_TURN = 8;
/** A vector whose length differs by less from 1 has it but for rounding, and is left as it is. */
const UNIT = 1e-9;

/**
 * @param model a version of the local embedder, this release's if absent
 * @throws when there is no such version
 */
export function createLocalEmbedder(model = LOCAL_EMBEDDING_MODEL): Embedder {
  const embedLocally = LOCAL_EMBEDDERS.get(model);
  if (!embedLocally) throw new Error(`there is no local embedder ${model}`);
  const embedder = traced('aura.local', {
    model,
    embed: async (texts) => {
      const vectors: number[][] = [];
      for (const text of texts) {
        // Many texts are many milliseconds, in which a core has others to answer.
        if (vectors.length > 0 && vectors.length % TEXTS_A_TURN === 0) await nextTurn();
        vectors.push(embedLocally(text));
      }
      return vectors;
    },
  });
  return { ...embedder, saysNothing };
}

/**
 * Wraps an embedder: an `embeddings <model>` CLIENT span by the GenAI semantic conventions around
 * each call, and no vector gets out unchecked.
 *
 * @param provider `gen_ai.provider.name`
 */
export function traced(provider: string, inner: Pick<Embedder, 'model' | 'embed'>): Embedder {
  const operation = { name: 'embeddings', provider, model: inner.model } as const;
  const tracer = trace.getTracerProvider().getTracer('aura.embeddings', TELEMETRY_VERSION, SCHEMA);
  const attributes = {
    'gen_ai.operation.name': 'embeddings',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': inner.model,
    'gen_ai.embeddings.dimension.count': EMBEDDING_DIMENSIONS,
  };
  const embed: Embedder['embed'] = (texts, signal) =>
    tracer.startActiveSpan(
      `embeddings ${inner.model}`,
      { kind: SpanKind.CLIENT, attributes },
      async (span) => {
        try {
          const vectors = await measured(operation, () => inner.embed(texts, signal));
          if (vectors.length !== texts.length) {
            const count = `${vectors.length} vectors for ${texts.length} texts`;
            throw new EmbeddingError(`the answer has ${count}`);
          }
          return vectors.map(unitVector);
        } catch (error) {
          const name = error instanceof Error ? error.name : 'Error';
          span.setAttribute('error.type', name);
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      },
    );
  return {
    model: inner.model,
    embed,
    embedQuery: async (query, signal) => (await embed([query], signal))[0] as number[],
  };
}

/** An answer that is no vectors of the texts that were sent; it does not get better by asking again. */
export class EmbeddingError extends Error {
  override name = 'EmbeddingError';
}

function unitVector(vector: number[]): number[] {
  if (vector.length !== EMBEDDING_DIMENSIONS) {
    throw new EmbeddingError(`a vector has ${vector.length} dimensions, not 1024`);
  }
  const norm = lengthOf(vector);
  if (!Number.isFinite(norm) || norm === 0) {
    throw new EmbeddingError('a vector is zero or has numbers that are not finite');
  }
  return Math.abs(norm - 1) < UNIT ? vector : divided(vector, norm);
}
