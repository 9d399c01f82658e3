/** Checks of what came over the wire, whoever sent it; the gateway's own are not relied on. */
import {
  AGENT_ID,
  CURRENCY_CODE,
  ITEM_ID,
  MAX_AGENT_ID_LENGTH,
  MAX_AMOUNT,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_ATTRIBUTE_TEXT_LENGTH,
  MAX_ATTRIBUTES,
  MAX_IDEMPOTENCY_KEY_LENGTH,
  MAX_QUERY_LENGTH,
  MAX_SEARCH_LIMIT,
  RESERVATION_CODE,
  SESSION_TOKEN,
} from '@aura/proto/limits.ts';
import type { Violation } from '../errors.ts';
import { invalidArgument } from '../errors.ts';
import { currencyDigits, currencyProblem } from '../money.ts';
import { htmlCode } from '../text/character-codes.ts';
import { encodedTwiceByBytes } from '../text/encoded-twice.ts';
import { readQuery, readValue, unclearQuery } from '../text/read-query.ts';
import { filterMistake } from '../text/filter-mistake.ts';
import { foldValue } from '../text/search-words.ts';
import { unfilled, unfilledName, unfilledQuery } from '../text/unfilled.ts';
import { quote } from '../typed-text.ts';

type Check<T> = (value: T) => string | undefined;

/** Runs the checks and throws one error that names each field that failed. */
export function validate(checks: Readonly<Record<string, string | undefined>>): void {
  const violations = Object.entries(checks).flatMap(([field, description]): Violation[] =>
    description === undefined ? [] : [{ field, description }],
  );
  if (violations.length > 0) throw invalidArgument(violations);
}

/** Most ids in one call over the seller's inventory; more are refused. */
const MAX_ITEM_IDS = 1_000;
/** Most deals on one page; a higher limit is refused. */
const MAX_DEALS = 1_000;

const ITEM_ID_FORM = new RegExp(ITEM_ID.pattern, 'u');
const AGENT_ID_FORM = new RegExp(AGENT_ID.pattern, 'u');
const SESSION_TOKEN_FORM = new RegExp(SESSION_TOKEN.pattern, 'u');
const RESERVATION_CODE_FORM = new RegExp(RESERVATION_CODE.pattern, 'u');
const DEAL_ID_FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const REQUEST_ID_FORM = new RegExp(`^[\\x20-\\x7e]{0,${MAX_IDEMPOTENCY_KEY_LENGTH}}$`, 'u');

export const itemId: Check<string> = (value) =>
  ITEM_ID_FORM.test(value) ? undefined : `must be ${ITEM_ID.words}`;

export const itemIds: Check<readonly string[]> = (ids) => {
  if (ids.length < 1 || ids.length > MAX_ITEM_IDS) return `must be 1 to ${MAX_ITEM_IDS} ids`;
  return ids.map(itemId).find((problem) => problem !== undefined);
};

export const agentDid: Check<string> = (value) => {
  if (value.length > MAX_AGENT_ID_LENGTH || !AGENT_ID_FORM.test(value))
    return `must be ${AGENT_ID.words}`;
  const [scheme = ''] = /^did:/i.exec(value) ?? [];
  // One agent would be two: the scheme of a DID is written in small letters.
  if (scheme !== scheme.toLowerCase()) return `begins with ${scheme}; write did: in small letters`;
  const code = htmlCode(value);
  // One agent would be two, where one of its requests has the code and another the character.
  if (code !== undefined) return `has ${quote(code)}, a code of HTML; send the character itself`;
  return unfilledName(value);
};

export const bidAmount: Check<number> = (value) =>
  Number.isFinite(value) && value > 0 && value <= MAX_AMOUNT
    ? undefined
    : `must be a number above 0 and at most ${MAX_AMOUNT}`;

export const currencyCode: Check<string> = (value) => {
  if (value === '') return undefined;
  if (currencyDigits(value) === undefined) return `must be ${CURRENCY_CODE.words}`;
  const problem = currencyProblem(value);
  return problem && `${value} ${problem}`;
};

export const sessionToken: Check<string> = (value) =>
  value === '' || SESSION_TOKEN_FORM.test(value) ? undefined : `must be ${SESSION_TOKEN.words}`;

export const reservationCode: Check<string> = (value) =>
  RESERVATION_CODE_FORM.test(value) ? undefined : `must be ${RESERVATION_CODE.words}`;

export const dealId: Check<string> = (value) =>
  RESERVATION_CODE_FORM.test(value) || DEAL_ID_FORM.test(value)
    ? undefined
    : "must be a deal's id, a UUID, or its reservation code";

export const listLimit: Check<number> = (value) =>
  value >= 0 && value <= MAX_DEALS ? undefined : `must be 1 to ${MAX_DEALS}`;

export const requestId: Check<string> = (value) =>
  REQUEST_ID_FORM.test(value)
    ? unfilledName(value)
    : `must be at most ${MAX_IDEMPOTENCY_KEY_LENGTH} visible characters`;

export const query: Check<string> = (value) => {
  const blank = `must have 1 to ${MAX_QUERY_LENGTH} characters and not only spaces`;
  if (!isLengthOf(value, MAX_QUERY_LENGTH)) return blank;
  if (!isText(value)) return 'must be well-formed text without NUL characters';
  const read = readQuery(value);
  return read.trim() === '' ? blank : (unfilledQuery(read) ?? misread(read) ?? unclearQuery(read));
};

/** Text that was encoded twice, in an encoding that cannot be told. */
function misread(text: string): string | undefined {
  const found = encodedTwiceByBytes(text);
  return (
    found && `has ${quote(found)}, as of text that was read in another encoding; send it in UTF-8`
  );
}

export const limit: Check<number> = (value) =>
  value >= 0 && value <= MAX_SEARCH_LIMIT ? undefined : `must be 1 to ${MAX_SEARCH_LIMIT}`;

export const maxPrice: Check<number | undefined> = (value) =>
  value === undefined ? undefined : bidAmount(value);

export const attributeCount: Check<number> = (count) =>
  count <= MAX_ATTRIBUTES ? undefined : `must be at most ${MAX_ATTRIBUTES}`;

export function attribute(name: string, value: string | number | boolean | undefined) {
  if (!isLengthOf(name, MAX_ATTRIBUTE_NAME_LENGTH) || !isText(name)) {
    return `must have a name of 1 to ${MAX_ATTRIBUTE_NAME_LENGTH} characters`;
  }
  if (value === undefined) return 'must have a value';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'must be a finite number';
  // It was rounded on its way, to a number that no item has.
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return `has ${value}, which has too many digits; write it as text`;
  const wrongName = unfilled(name) ?? misread(name);
  if (typeof value !== 'string') return wrongName ?? filterMistake(name, value);
  const read = readValue(value);
  return isLengthOf(value, MAX_ATTRIBUTE_TEXT_LENGTH) && isText(value) && read !== ''
    ? (wrongName ?? unfilled(value) ?? misread(read) ?? filterMistake(name, read))
    : `must have a text of 1 to ${MAX_ATTRIBUTE_TEXT_LENGTH} characters`;
}

/** Filters take the two for one, which then is to have two values; the same name twice asks a list for both. */
export function otherSpelling(name: string, before: readonly { readonly name: string }[]) {
  const folded = foldValue(name);
  const first = before.find((each) => each.name !== name && foldValue(each.name) === folded);
  return first && `has the name ${quote(name)}, which is ${quote(first.name)} in another spelling`;
}

export const minSimilarity: Check<number> = (value) =>
  value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1';

/** Counts code points as the gateway does; beyond two code units for each, a text is too long. */
function isLengthOf(text: string, max: number): boolean {
  return text !== '' && text.length <= 2 * max && [...text].length <= max;
}

/** The decoder puts U+FFFD where bytes are no UTF-8; Postgres takes no NUL in a text. */
function isText(text: string): boolean {
  return !/[\0\uFFFD]/.test(text);
}
