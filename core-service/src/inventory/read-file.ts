/** Inventory files as streams of raw items: CSV with a header line, JSON Lines or a JSON array. */
import type { Readable } from 'node:stream';
import { decodeFile } from './decode-file.ts';
import { FileError } from './file-kind.ts';
import type { Line } from './item-row.ts';
import { readCsv } from './read-csv.ts';
import { readJson } from './read-json.ts';

export type { Line };

/** Texts by their beginnings that are neither CSV nor JSON, though there may be some inside. */
const OTHERS: readonly (readonly [begins: RegExp, words: string])[] = [
  [/^\s*</, 'is HTML or XML: open it in a spreadsheet and save it as "CSV UTF-8"'],
  [
    /^\s*(?:[^\n,;\t|]*\n\s*)?(?:```|~~~)/,
    'has a fence of Markdown around its items: delete the lines with ``` and what is outside of them',
  ],
  [/^\s*(?:\/\/|\/\*|#[^\n]*\n\s*[[{])/, 'begins with a comment, which JSON has not: delete it'],
  [
    /^\s*"\s*[[{]/,
    'is a text with JSON inside: take the quotes around it and the \\ away, so that it begins with [ or {',
  ],
];

/**
 * Reads items from a file's bytes; what it is, their beginning tells: JSON begins with a brace or a
 * bracket.
 *
 * @param encoding as TextDecoder names it, of a file that is not in Unicode
 * @throws FileError when it is no text with items; Error of the file system when it cannot be read
 */
export async function* readItems(bytes: Readable, encoding?: string): AsyncGenerator<Line> {
  try {
    const { head, texts } = await decodeFile(bytes as AsyncIterable<Buffer>, encoding);
    const other = OTHERS.find(([begins]) => begins.test(head))?.[1];
    if (other !== undefined) throw new FileError(other);
    // oxlint-disable-next-line no-control-regex
    yield* /^[\s\u001E]*[{[]/.test(head) ? readJson(texts, head) : readCsv(texts, head);
  } finally {
    // The writer of a pipe must not be waited for when nothing more is read.
    bytes.destroy();
  }
}
