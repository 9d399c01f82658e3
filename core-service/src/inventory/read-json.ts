/** Raw items of JSON Lines, of an array, or of objects that stand on several lines each. */
import { FileError } from './file-kind.ts';
import { columnNamed } from './header.ts';
import type { InnerItem } from './inner-items.ts';
import { innerItem } from './inner-items.ts';
import type { Line, Problem } from './item-row.ts';
import type { Piece } from './json-pieces.ts';
import { repeatedKeys } from './json-keys.ts';
import { jsonMistake } from './json-mistake.ts';
import { parseJson, RoundedNumber } from './json-text.ts';
import { membersOf, objectsOf } from './json-pieces.ts';
import { quote } from '../typed-text.ts';

/** An item has at most this many characters, which bounds the memory that a line may take. */
const MAX_ITEM = 100_000;
/** JSON that is not one item a line is read as a whole, and refused beyond this many characters. */
const MAX_WHOLE = 50_000_000;
/** A sequence of JSON texts has the separator of records before each of them. */
// oxlint-disable-next-line no-control-regex
const BEFORE = /^[\s\u001E]+/u;
/** An object that holds its items in an array, behind some facts of its own. */
const WRAPPER =
  /^\{((?:\s*"[^"\\]*"\s*:\s*(?:"[^"\\]*"|[\w.+-]+)\s*,)*)\s*"([^"\\]+)"\s*:\s*\[\s*\{/u;

/** @param head the beginning of the text, by which its shape is judged */
export async function* readJson(texts: AsyncIterable<string>, head: string): AsyncGenerator<Line> {
  const begun = head.replace(BEFORE, '');
  const isArray = begun.startsWith('[');
  const isPretty = depthOf(begun.split('\n', 1)[0] ?? '') > 0;
  let count = 0;
  const pieces = isArray || isPretty ? piecesOf(texts, isArray) : linesOf(texts);
  for await (const { hasNeighbour, ...piece } of withNeighbours(pieces)) {
    count++;
    const item = hasNeighbour ? { item: count } : {};
    for (const each of 'reason' in piece ? [piece] : parse(piece)) yield { ...each, ...item };
  }
  if (count === 0) yield { line: 1, reason: 'there is nothing in it' };
}

/** Tells of each piece whether another one begins on its line, which then does not say which is meant. */
async function* withNeighbours<P extends Piece | Problem>(
  pieces: AsyncIterable<P>,
): AsyncGenerator<P & { readonly hasNeighbour: boolean }> {
  let held: P | undefined;
  let lineBefore = 0;
  for await (const next of pieces) {
    if (held) {
      yield { ...held, hasNeighbour: held.line === next.line || held.line === lineBefore };
      lineBefore = held.line;
    }
    held = next;
  }
  if (held) yield { ...held, hasNeighbour: held.line === lineBefore };
}

function* parse({ line, text: written }: Piece): Generator<Line> {
  const text = written.replace(BEFORE, '');
  const wrapped = keyOfItems(text);
  if (wrapped !== undefined) {
    const reason = `is an object that holds its items in ${quote(wrapped)}: give that array itself, [{…}, …]`;
    return yield { line, reason };
  }
  if (text.length > MAX_ITEM) {
    const reason = `has more than ${MAX_ITEM} characters: if it is one object around all items, give a list of them, [{…}, …]`;
    return yield { line, reason };
  }
  try {
    const raw = parseJson(text.trim());
    const inner = innerItem(raw);
    if (inner) yield { line, reason: holdsItems(inner) };
    else yield* named(line, raw, repeatedKeys(text, nameOf));
  } catch (error) {
    yield { line, reason: `is no JSON: ${jsonMistake(text) ?? (error as Error).message}` };
  }
}

function holdsItems({ path, hasId }: InnerItem): string {
  const id = hasId ? '' : ', each with its id';
  return `is an object that holds its items inside, the first in ${quote(path)}: give a list of the items themselves, [{…}, …]${id}`;
}

/** @returns the key under which an object that is no item holds an array of objects */
function keyOfItems(text: string): string | undefined {
  const [, before = '', key] = WRAPPER.exec(text) ?? [];
  if (key === undefined || columnNamed(key) !== undefined) return undefined;
  const facts = [...before.matchAll(/"([^"]*)"\s*:/g)].map(([, name = '']) => columnNamed(name));
  return facts.some((name) => name === 'id' || name === 'price') ? undefined : key;
}

const nameOf = (key: string): string => columnNamed(key) ?? key;

/** An object by the names of the columns, which programs write in many ways. */
function* named(
  line: number,
  raw: unknown,
  repeated: readonly (readonly string[])[],
): Generator<Line> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return yield { line, raw };
  for (const [column = '', ...keys] of repeated) {
    const reason =
      keys.length > 0 ? `has the key ${quote(keys.join('.'))} twice` : 'is there twice';
    yield { line, column, reason };
  }
  const cells: (readonly [string, unknown])[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const column = nameOf(key);
    if (!(value instanceof RoundedNumber)) cells.push([column, value]);
    else {
      yield { line, column, reason: value.reason };
      cells.push([column, Number(value.written)]);
    }
  }
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
      if (text.replace(BEFORE, '') === '') line++;
      else yield { line: ++line, text };
    // The line is too long already; it is counted, not kept.
    if (rest.length > MAX_ITEM) rest = rest.slice(0, MAX_ITEM + 1);
  }
  if (rest.replace(BEFORE, '') !== '') yield { line: line + 1, text: rest };
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
