import { readWording } from '../text/wording.ts';
import { hashFeatures } from './hashed-features.ts';
import { divided, lengthOf } from './vectors.ts';
import { addPieces, TABLE_CHECKSUM, TABLE_DIMENSIONS } from './word-table.ts';

/**
 * Stored beside each vector: give it another number whenever a change of this file, of the features, of
 * the weights or of the negations changes a vector.
 */
export const LOCAL_EMBEDDING_MODEL = `aura-local-3-${TABLE_CHECKSUM}`;
/** The release before embedded with this one, and its vectors are searched until there are new ones. */
export const FORMER_LOCAL_MODEL = 'aura-local-2';

const DIMENSIONS = 1024;
/** Dimension 0 is for texts that say nothing. */
const NOTHING = 0;

/**
 * What a text says not to be counts against it by this, and less than in the features: its pieces are
 * near to much that the text is about.
 */
const NEGATED_PIECES = 0.3;

/** The versions of the local embedder that can be had here, by the names that stand beside their vectors. */
export const LOCAL_EMBEDDERS: ReadonlyMap<string, (text: string) => number[]> = new Map([
  [LOCAL_EMBEDDING_MODEL, embedLocally],
  [FORMER_LOCAL_MODEL, embedByFeatures],
]);

/**
 * Embeds a text without a model: 1024 finite numbers of Euclidean length 1, the same on every
 * machine, so that cosine similarity compares texts. Never throws.
 *
 * 768 dimensions are hashed features, which know places, spellings and lodging, and 256 the mean of
 * the text's word pieces by a table, which knows what words mean in many languages; both count
 * alike. A text without a usable word gets the reserved dimension alone and is similar to no other.
 */
export function embedLocally(text: string): number[] {
  const wording = readWording(text);
  const vector = new Float64Array(DIMENSIONS);
  const hashed = hashFeatures(wording, DIMENSIONS - TABLE_DIMENSIONS);
  if (putUnit(vector, hashed, 0)) {
    const pieces = new Float64Array(TABLE_DIMENSIONS);
    addPieces(pieces, wording.affirmed, 1);
    addPieces(pieces, wording.negated, -NEGATED_PIECES);
    putUnit(vector, pieces, hashed.length);
  }
  return toUnit(vector);
}

/** The same by the hashed features alone. */
function embedByFeatures(text: string): number[] {
  return toUnit(hashFeatures(readWording(text), DIMENSIONS));
}

/** True where the local embedder of the release before made way for that one: it takes over by itself. */
export function isSuccessor(former: string | undefined, model: string): boolean {
  return former === FORMER_LOCAL_MODEL && model === LOCAL_EMBEDDING_MODEL;
}

/** True of the vector of a text without a usable word. */
export function saysNothing(vector: readonly number[]): boolean {
  return vector[NOTHING] === 1;
}

/** @returns whether there was a direction to put into the vector */
function putUnit(vector: Float64Array, part: Float64Array, at: number): boolean {
  const length = lengthOf(part);
  if (length === 0) return false;
  for (let i = 0; i < part.length; i++) vector[at + i] = (part[i] ?? 0) / length;
  return true;
}

function toUnit(vector: Float64Array): number[] {
  const length = lengthOf(vector);
  if (length === 0) vector[NOTHING] = 1;
  return divided(vector, length || 1);
}
