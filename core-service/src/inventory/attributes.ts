/** The attributes of an item, as a cell of JSON or as an object; each problem names the key. */
import { z } from 'zod';
import { illegible } from './legible.ts';
import { repeatedKeys } from './json-keys.ts';
import { jsonMistake } from './json-mistake.ts';
import { parseJson, RoundedNumber } from './json-text.ts';
import { foldValue } from '../text/search-words.ts';
import { withoutSides } from '../text/unseen.ts';
import { cleanText, quote, trimText } from '../typed-text.ts';

/** The attributes of one item have at most this many characters of JSON. */
const MAX_ATTRIBUTES = 10_000;
/** The name of an attribute has at most this many characters. */
const MAX_KEY = 64;
/** A text in the attributes has at most this many characters. */
const MAX_TEXT = 1_000;
/** A list in the attributes has at most this many values. */
const MAX_LIST = 100;

const SHAPE = 'must be a JSON object of texts, numbers, true or false, or lists of these';

type Attributes = Readonly<Record<string, unknown>>;

/** Attributes without those that are null, which is the same as leaving them out. */
export const attributes = z
  .unknown()
  .transform((value, context): Attributes => {
    const read = readAttributes(value);
    if (typeof read !== 'string') return read;
    context.addIssue({ code: 'custom', message: read, input: value });
    return z.NEVER;
  })
  .optional();

/** @returns the attributes, or what is wrong with them */
function readAttributes(value: unknown): Attributes | string {
  const cell = typeof value === 'string' ? parse(cleanText(value)) : (value ?? {});
  if (typeof cell === 'string') return cell;
  if (typeof cell !== 'object' || cell === null || Array.isArray(cell)) return SHAPE;
  const given = Object.entries(cell).flatMap(([key, each]): [string, unknown][] =>
    each === null || each === undefined ? [] : [[plain(key) as string, plain(each)]],
  );
  for (const [key, each] of given) {
    const problem = keyProblem(key) ?? valueProblem(key, each);
    if (problem !== undefined) return problem;
  }
  const twice = alikeKey(given.map(([key]) => key));
  if (twice !== undefined) return `has the key ${quote(twice)} twice, in another spelling too`;
  const read = Object.fromEntries(given);
  const isLong = JSON.stringify(read).length > MAX_ATTRIBUTES;
  return isLong ? `has more than ${MAX_ATTRIBUTES} characters` : read;
}

/** The texts of a value without what nobody sees, by which filters would miss them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'string' ? withoutSides(trimText(value)) : value;
}

/** @returns the first key that filters cannot tell from one before it */
function alikeKey(keys: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const key of keys) {
    const folded = foldValue(key);
    if (seen.has(folded)) return key;
    seen.add(folded);
  }
  return undefined;
}

/** @returns what the JSON says, or in words why it says nothing */
function parse(text: string): unknown {
  if (text === '') return {};
  try {
    const value = parseJson(text);
    const [twice] = repeatedKeys(text);
    if (twice) return `has the key ${quote(twice.join('.'))} twice`;
    return typeof value === 'string' ? wrongShape(text) : value;
  } catch {
    return wrongShape(text);
  }
}

/** Says what is expected, and what is seen where that is something usual. */
function wrongShape(text: string): string {
  const mistake = jsonMistake(text);
  return mistake === undefined ? SHAPE : `${SHAPE}: ${mistake}`;
}

function keyProblem(key: string): string | undefined {
  if (key === '') return 'has a key without a name';
  if ([...key].length > MAX_KEY)
    return `has the key ${quote(key)} of more than ${MAX_KEY} characters`;
  // Programs in JavaScript lose this one on their way.
  if (key === '__proto__')
    return 'has the key "__proto__", which cannot be kept: name it otherwise';
  return illegible(key);
}

function valueProblem(key: string, value: unknown): string | undefined {
  if (!Array.isArray(value)) return scalarProblem(key, value);
  if (value.length > MAX_LIST) return `has a list of more than ${MAX_LIST} values in ${quote(key)}`;
  for (const each of value as unknown[]) {
    if (each === null) return `has null in the list of ${quote(key)}: leave it out`;
    const problem = scalarProblem(key, each);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function scalarProblem(key: string, value: unknown): string | undefined {
  if (typeof value === 'boolean') return undefined;
  if (value instanceof RoundedNumber) return value.reason;
  if (typeof value === 'object') {
    const what = Array.isArray(value) ? 'a list inside of a list' : 'an object';
    return `has ${what} in ${quote(key)}: write texts, numbers, true or false, or one list of these`;
  }
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return undefined;
    return `has a number in ${quote(key)} that is too great; write it as text`;
  }
  if (typeof value !== 'string') return SHAPE;
  if (value.length > MAX_TEXT) return `has more than ${MAX_TEXT} characters in ${quote(key)}`;
  return illegible(value);
}
