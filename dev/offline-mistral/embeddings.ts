import { createHash } from 'node:crypto';
import type { Fault } from './faults.ts';
import type { EmbeddingsRequest } from './requests.ts';
import { countUsage } from './usage.ts';

const dimensions = 1024;

export function embedTexts(request: EmbeddingsRequest, fault: Fault): Record<string, unknown> {
  const texts = typeof request.input === 'string' ? [request.input] : request.input;
  const data = texts.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: spoil(embedText(text), fault),
  }));
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest('hex');
  return {
    id: digest.slice(0, 32),
    object: 'list',
    model: fault === 'other_model' ? 'another-embed' : request.model,
    data: rearrange(data, fault),
    usage: countUsage(texts.join(''), ''),
  };
}

/**
 * Makes a vector by feature hashing: each word adds its own signed pattern, so that texts which share
 * words lie close. The vector has unit length, also for a text without words, which counts as one word.
 */
function embedText(text: string): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    const hash = createHash('sha256').update(word).digest();
    for (let at = 0; at < hash.length; at += 2) {
      const bits = hash.readUInt16BE(at);
      const index = bits % dimensions;
      vector[index] = (vector[index] ?? 0) + (bits < 0x8000 ? 1 : -1);
    }
  }
  const norm = Math.hypot(...vector);
  if (norm === 0) return vector.with(0, 1);
  return vector.map((value) => value / norm);
}

/** Puts the vectors out of order: the place of one says nothing of its text, its index does. */
function rearrange<Entry>(data: readonly Entry[], fault: Fault): readonly Entry[] {
  if (fault === 'shuffled') return data.toReversed();
  return fault === 'too_few' ? data.slice(1) : data;
}

/** The fault puts null into the vector, because JSON has no NaN and a client reads null as one. */
function spoil(vector: readonly number[], fault: Fault): (number | null)[] {
  if (fault === 'wrong_dims') return vector.slice(0, dimensions / 2);
  if (fault === 'nan_embedding') return [null, ...vector.slice(1)];
  return [...vector];
}
