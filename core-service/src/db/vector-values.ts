/** Vectors as pgvector reads them. */

/** More digits than these change no score, and each is read by Postgres. */
const MILLIONTHS = 1e6;
/** Before the numbers stand two of 16 bits: how many there are, and one without use. */
const HEADER_BYTES = 4;
const NUMBER_BYTES = 4;

/** A vector as text, for what can hold no bytes, such as JSON. */
export function toText(vector: readonly number[]): string {
  return JSON.stringify(vector.map((x) => Math.round(x * MILLIONTHS) / MILLIONTHS));
}

/**
 * A vector as a value of a statement, in the binary format of pgvector's `vector_recv`: a third of the
 * text's length, and neither side has to write or read digits.
 */
export function toBytes(vector: readonly number[]): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + NUMBER_BYTES * vector.length);
  bytes.writeInt16BE(vector.length, 0);
  for (let i = 0; i < vector.length; i++) {
    bytes.writeFloatBE(vector[i] ?? 0, HEADER_BYTES + NUMBER_BYTES * i);
  }
  return bytes;
}
