import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The table's dimensions; its build script has the same. */
export const TABLE_DIMENSIONS = 256;
/** The beginning of the file's SHA-256. It is a part of the model's name, so that stored vectors never drift. */
export const TABLE_CHECKSUM = 'e3fbe288';

const FILE = new URL('word-pieces.bin', import.meta.url);
const MAGIC = 'AWP4';
const HEADER_BYTES = 12;
/** Stands before each word, as in the pieces of SentencePiece. */
const BEGINNING = '▁';
/** Bounds the work on a hostile word; no real one is longer. */
const MAX_WORD = 40;
/** Characters by which it is known how long a piece can be that begins with them. */
const HEAD = 4;

interface Table {
  readonly ids: ReadonlyMap<string, number>;
  readonly scales: Float32Array;
  /** Two numbers of 4 bits a byte, the lower half first; 8 is zero. */
  readonly rows: Uint8Array;
  /** Characters of the longest piece by its first `HEAD` ones; shorter pieces are not in it. */
  readonly widest: ReadonlyMap<string, number>;
}

let loaded: Table | undefined;

/**
 * Adds the rows of a text's pieces, times a factor, to a sum of 256 numbers. Words become the longest
 * pieces that the table has, from the left on, so that a name of several words is one piece where it
 * has a row of its own. The table is loaded by the first call: about 80 ms, and 40 MB.
 */
export function addPieces(sum: Float64Array, text: string, factor: number): void {
  const { ids, scales, rows, widest } = (loaded ??= readTable());
  const half = TABLE_DIMENSIONS / 2;
  for (const id of cut(text, ids, widest)) {
    const scale = factor * (scales[id] ?? 0);
    for (let d = 0, at = id * half; d < TABLE_DIMENSIONS; d += 2, at++) {
      const two = rows[at] ?? 0;
      sum[d] = (sum[d] ?? 0) + scale * ((two & 15) - 8);
      sum[d + 1] = (sum[d + 1] ?? 0) + scale * ((two >> 4) - 8);
    }
  }
}

function* cut(
  text: string,
  ids: ReadonlyMap<string, number>,
  widest: ReadonlyMap<string, number>,
): Generator<number> {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const marked = words.map((word) => BEGINNING + word.slice(0, MAX_WORD)).join('');
  for (let at = 0; at < marked.length;) {
    const width = widest.get(marked.slice(at, at + HEAD)) ?? HEAD - 1;
    let end = Math.min(marked.length, at + width);
    let id: number | undefined;
    while (end > at && (id = ids.get(marked.slice(at, end))) === undefined) end--;
    if (id !== undefined) yield id;
    at = Math.max(end, at + 1);
  }
}

/** The format is told by the script that builds the file, in dev/embedder. */
function readTable(): Table {
  const file = readFileSync(FILE);
  const checksum = createHash('sha256').update(file).digest('hex');
  if (file.toString('latin1', 0, 4) !== MAGIC || !checksum.startsWith(TABLE_CHECKSUM)) {
    throw new Error(`${FILE.pathname} is not the table of this release`);
  }
  const count = file.readUInt32LE(4);
  const rowsAt = HEADER_BYTES + 4 * count;
  const namesAt = rowsAt + (count * TABLE_DIMENSIONS) / 2;
  const names = file.toString('utf8', namesAt).split('\n');
  return {
    ids: new Map(names.map((name, id) => [name, id])),
    // Copied, because the numbers may begin anywhere in the buffer.
    scales: new Float32Array(
      file.buffer.slice(file.byteOffset + HEADER_BYTES, file.byteOffset + rowsAt),
    ),
    rows: file.subarray(rowsAt, namesAt),
    widest: widestOf(names),
  };
}

function widestOf(names: readonly string[]): ReadonlyMap<string, number> {
  const widest = new Map<string, number>();
  for (const name of names) {
    if (name.length < HEAD) continue;
    const head = name.slice(0, HEAD);
    if (name.length > (widest.get(head) ?? 0)) widest.set(head, name.length);
  }
  return widest;
}
