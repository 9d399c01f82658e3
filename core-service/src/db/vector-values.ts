/** Vectors as pgvector reads them. */

/** Before the numbers stand two of 16 bits: how many there are, and one without use. */
const HEADER_BYTES = 4;
const NUMBER_BYTES = 4;

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
