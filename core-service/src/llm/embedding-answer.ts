/** An answer of Mistral's embeddings API, checked before anybody believes it. */
import { EMBEDDING_DIMENSIONS } from '../db/schema.ts';
import { EmbeddingError } from './embedder.ts';

interface Entry {
  readonly index?: unknown;
  readonly embedding?: unknown;
}

/** A name of the vendor's is repeated in a message only when it is one. */
const MODEL_NAME = /^[\w.:-]{1,64}$/;
/** Endings that name a version of one model: `codestral-embed-2505`, `…-latest`. */
const VERSION = /-(latest|\d{4})$/;

/**
 * Checks an answer and brings its vectors into the order of the texts, by the index that each of them
 * carries: the client above takes them as they come.
 *
 * @param body what the API answered, parsed
 * @throws EmbeddingError that says what is wrong; none of it gets better by asking again
 */
export function inOrder(
  body: unknown,
  asked: { readonly model: string; readonly count: number },
): unknown {
  const { model, data } = (body ?? {}) as { readonly model?: unknown; readonly data?: unknown };
  if (!Array.isArray(data)) throw new EmbeddingError('the answer has no vectors');
  if (typeof model === 'string' && familyOf(model) !== familyOf(asked.model)) {
    const other = MODEL_NAME.test(model) ? model : 'another model';
    throw new EmbeddingError(`the answer is of ${other}, not of ${asked.model}`);
  }
  if (data.length !== asked.count) {
    throw new EmbeddingError(`the answer has ${data.length} vectors for ${asked.count} texts`);
  }
  const ordered: unknown[] = Array.from({ length: asked.count });
  for (const entry of data as readonly (Entry | null)[]) {
    // A lone vector can only be that of the lone text.
    const index = entry?.index ?? (asked.count === 1 ? 0 : undefined);
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= asked.count) {
      throw new EmbeddingError(`a vector's index is not one of 0 to ${asked.count - 1}`);
    }
    const at = index as number;
    if (ordered[at] !== undefined) throw new EmbeddingError(`two vectors have the index ${at}`);
    checkVector(entry?.embedding, at);
    ordered[at] = entry;
  }
  return { ...(body as object), data: ordered };
}

/** Numbers at the beginning of a vector by which equal ones are looked for. */
const KEY = 8;

/**
 * Checks that texts of different words have different vectors: a server that gives each the same one would make
 * every item as near to a query as any other.
 *
 * @param body an answer in the order of the texts
 * @returns the body
 * @throws EmbeddingError that names the first two
 */
export function distinct(body: unknown, texts: readonly string[]): unknown {
  const { data } = body as { readonly data: readonly { readonly embedding: readonly number[] }[] };
  const seen = new Map<string, number>();
  for (const [at, { embedding }] of data.entries()) {
    const key = embedding.slice(0, KEY).join();
    const before = seen.get(key);
    seen.set(key, before ?? at);
    if (before === undefined || wordsOf(texts[before]) === wordsOf(texts[at])) continue;
    if (embedding.every((x, i) => x === data[before]?.embedding[i])) {
      throw new EmbeddingError(`the vectors ${before} and ${at} are equal, but not their texts`);
    }
  }
  return body;
}

/** The words whatever their order and size, which not every model tells apart. */
function wordsOf(text = ''): string {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu);
  return words === null ? text : words.toSorted().join(' ');
}

function familyOf(model: string): string {
  return model.replace(VERSION, '');
}

function checkVector(vector: unknown, at: number): void {
  if (!Array.isArray(vector)) throw new EmbeddingError(`vector ${at} is missing`);
  if (vector.length !== EMBEDDING_DIMENSIONS) {
    const dimensions = `${vector.length} dimensions, not ${EMBEDDING_DIMENSIONS}`;
    throw new EmbeddingError(`vector ${at} has ${dimensions}`);
  }
  if (!vector.every((x) => Number.isFinite(x))) {
    throw new EmbeddingError(`vector ${at} has something else than a number in it`);
  }
}
