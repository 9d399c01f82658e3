/** Raw items of JSON Lines, of an array, or of objects that stand on several lines each. */
import { FileError } from './file-kind.ts';
import { columnNamed } from './header.ts';
import type { Line, Problem } from './item-row.ts';
import type { Piece } from './json-pieces.ts';
import { membersOf, objectsOf, repeatedKeys } from './json-pieces.ts';

/** An item has at most this many characters, which bounds the memory that a line may take. */
const MAX_ITEM = 100_000;
/** JSON that is not one item a line is read as a whole, and refused beyond this many characters. */
const MAX_WHOLE = 50_000_000;

/** @param head the beginning of the text, by which its shape is judged */
export async function* readJson(texts: AsyncIterable<string>, head: string): AsyncGenerator<Line> {
  const isArray = head.trimStart().startsWith('[');
  const isPretty = depthOf(head.trimStart().split('\n', 1)[0] ?? '') > 0;
  let count = 0;
  for await (const piece of isArray || isPretty ? piecesOf(texts, isArray) : linesOf(texts)) {
    count++;
    if ('reason' in piece) yield piece;
    else yield* parse(piece);
  }
  if (count === 0) yield { line: 1, reason: 'there is nothing in it' };
}

function* parse({ line, text }: Piece): Generator<Line> {
  if (text.length > MAX_ITEM) return yield { line, reason: `has more than ${MAX_ITEM} characters` };
  try {
    yield* named(line, JSON.parse(text.trim()) as unknown, repeatedKeys(text));
  } catch (error) {
    yield { line, reason: `is no JSON: ${(error as Error).message}` };
  }
}

/** An object by the names of the columns, which programs write in many ways. */
function* named(line: number, raw: unknown, repeated: readonly string[]): Generator<Line> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return yield { line, raw };
  for (const column of repeated) yield { line, column, reason: 'is there twice' };
  const cells = Object.entries(raw).map(
    ([key, value]) => [columnNamed(key) ?? key, value] as const,
  );
  yield { line, raw: Object.fromEntries(cells) };
}

/** Node's readline would also break at U+2028, which JSON may hold. */
async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<Piece> {
  let line = 0;
  let rest = '';
  for await (const chunk of texts) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines)
      if (text.trim() === '') line++;
      else yield { line: ++line, text };
    // The line is too long already; it is counted, not kept.
    if (rest.length > MAX_ITEM) rest = rest.slice(0, MAX_ITEM + 1);
  }
  if (rest.trim() !== '') yield { line: line + 1, text: rest };
}

/** Counts the brackets of a line that are open at its end. */
function depthOf(line: string): number {
  const outside = line.replace(/"(?:[^"\\]|\\.)*"/g, '');
  return outside.replace(/[^{[]/g, '').length - outside.replace(/[^}\]]/g, '').length;
}

async function* piecesOf(
  texts: AsyncIterable<string>,
  isArray: boolean,
): AsyncGenerator<Piece | Problem> {
  const whole = await wholeOf(texts);
  yield* isArray ? membersOf(whole) : objectsOf(whole);
}

async function wholeOf(texts: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const text of texts) {
    whole += text;
    if (whole.length > MAX_WHOLE) {
      const size = `has more than ${MAX_WHOLE} characters of JSON`;
      throw new FileError(`${size}: write it as JSON Lines, one item a line`);
    }
  }
  return whole;
}
