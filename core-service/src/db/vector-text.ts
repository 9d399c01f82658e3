/** More digits than these change no score, and each is read by Postgres. */
const MILLIONTHS = 1e6;

/** A vector as pgvector reads it. */
export function toText(vector: readonly number[]): string {
  return JSON.stringify(vector.map((x) => Math.round(x * MILLIONTHS) / MILLIONTHS));
}
