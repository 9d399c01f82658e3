/** Checks of what came over the wire, whoever sent it; the gateway's own are not relied on. */
import type { Violation } from '../errors.ts';
import { invalidArgument } from '../errors.ts';
import { currencyDigits } from '../money.ts';
import { RESERVATION_CODE } from '../deals/code.ts';

type Check<T> = (value: T) => string | undefined;

/** Runs the checks and throws one error that names each field that failed. */
export function validate(checks: Readonly<Record<string, string | undefined>>): void {
  const violations = Object.entries(checks).flatMap(([field, description]): Violation[] =>
    description === undefined ? [] : [{ field, description }],
  );
  if (violations.length > 0) throw invalidArgument(violations);
}

export const itemId: Check<string> = (value) =>
  /^[A-Za-z0-9_.:-]{1,64}$/.test(value)
    ? undefined
    : 'must be 1 to 64 letters, digits or any of _ . : -';

export const itemIds: Check<readonly string[]> = (ids) => {
  if (ids.length < 1 || ids.length > 1_000) return 'must be 1 to 1000 ids';
  return ids.map(itemId).find((problem) => problem !== undefined);
};

export const agentDid: Check<string> = (value) =>
  value.length <= 256 && /^did:[a-z0-9]+:[A-Za-z0-9._:%-]+$/.test(value)
    ? undefined
    : 'must be a DID, did:method:identifier, of at most 256 characters';

export const bidAmount: Check<number> = (value) =>
  Number.isFinite(value) && value > 0 && value <= 1e9
    ? undefined
    : 'must be a number above 0 and at most 1000000000';

export const currencyCode: Check<string> = (value) =>
  value === '' || currencyDigits(value) !== undefined
    ? undefined
    : 'must be an ISO 4217 code such as USD';

export const sessionToken: Check<string> = (value) =>
  value === '' || /^sess_[A-Za-z0-9_-]{16,128}$/.test(value)
    ? undefined
    : 'must be a token from an earlier answer';

export const reservationCode: Check<string> = (value) =>
  RESERVATION_CODE.test(value) ? undefined : 'must be a reservation code, AURA-…';

export const dealId: Check<string> = (value) =>
  RESERVATION_CODE.test(value) || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value)
    ? undefined
    : "must be a deal's id, a UUID, or its reservation code";

export const listLimit: Check<number> = (value) =>
  value >= 0 && value <= 1_000 ? undefined : 'must be 1 to 1000';

export const requestId: Check<string> = (value) =>
  /^[\x20-\x7e]{0,255}$/.test(value) ? undefined : 'must be at most 255 visible characters';

export const query: Check<string> = (value) => {
  const length = [...value].length;
  if (length < 1 || length > 500 || value.trim() === '') {
    return 'must have 1 to 500 characters and not only spaces';
  }
  // The decoder puts U+FFFD where bytes are no UTF-8; Postgres takes no NUL in a text.
  if (/[\0\uFFFD]/.test(value)) return 'must be well-formed text without NUL characters';
  return undefined;
};

export const limit: Check<number> = (value) =>
  value >= 0 && value <= 50 ? undefined : 'must be 1 to 50';

export const maxPrice: Check<number | undefined> = (value) =>
  value === undefined || (Number.isFinite(value) && value > 0 && value <= 1e9)
    ? undefined
    : 'must be a number above 0 and at most 1000000000';

export const attributeCount: Check<number> = (count) =>
  count <= 10 ? undefined : 'must be at most 10';

export function attribute(name: string, value: string | number | boolean | undefined) {
  const isText = (text: string, max: number): boolean =>
    text !== '' && text.length <= max && !/[\0\uFFFD]/.test(text);
  if (!isText(name, 64)) return 'must have a name of 1 to 64 characters';
  if (value === undefined) return 'must have a value';
  if (typeof value === 'string' && !isText(value, 200)) {
    return 'must have a text of 1 to 200 characters';
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return 'must be a finite number';
  return undefined;
}

export const minSimilarity: Check<number> = (value) =>
  value >= 0 && value <= 1 ? undefined : 'must be a number from 0 to 1';
