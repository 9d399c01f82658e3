/**
 * The limits and words of the contract that both edges check, each written once. This file imports
 * nothing: telemetry preloads read it before grpc-js may be loaded.
 */

/** A form says how a text must look, to programs and to people. */
interface Form {
  /** This regular expression means the same in JSON Schema and in JavaScript with the flag u. */
  readonly pattern: string;
  /** The words continue a message that begins with `must be`, and describe the field in documents. */
  readonly words: string;
}

export const ITEM_ID: Form = {
  pattern: '^[A-Za-z0-9_.:-]{1,64}$',
  words: '1 to 64 letters, digits or any of _ . : -',
};

/** Most characters of an agent's identifier; a longer one is refused. */
export const MAX_AGENT_ID_LENGTH = 256;
/** An agent may be any visible ASCII; what begins like a W3C decentralised identifier has to be one. */
export const AGENT_ID: Form = {
  pattern: '^(?:did:[a-z0-9]+:[A-Za-z0-9._:%-]+|(?!did:)[\\x21-\\x7e]+)$',
  words:
    `1 to ${MAX_AGENT_ID_LENGTH} visible ASCII characters without spaces, ` +
    'and a whole did:method:identifier if it begins with did:',
};

export const SESSION_TOKEN: Form = {
  pattern: '^sess_[A-Za-z0-9_-]{16,128}$',
  words: 'a session_token from an earlier answer',
};

/**
 * A code has four groups in the alphabet of Crockford's base 32, which has no I, L, O or U. People
 * and programs may write it in any letter case, and with or without its hyphens, for which editors
 * put other dashes and blanks.
 */
export const RESERVATION_CODE: Form = {
  pattern: '^[Aa][Uu][Rr][Aa](?:[\\p{Pd}\\u2212\\s]?[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{8}){4}$',
  words: 'the reservation_code of an accepted bid, AURA-…',
};

/** Returns a code as it was issued, however it was written; undefined for a text that is none. */
export function readReservationCode(text: string): string | undefined {
  if (!new RegExp(RESERVATION_CODE.pattern, 'u').test(text)) return undefined;
  const digits = text.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return [digits.slice(0, 4), ...(digits.slice(4).match(/.{8}/g) ?? [])].join('-');
}

/** Most characters of an idempotency key; a longer one is refused. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;

/** Both edges check this form; core also asks whether ISO 4217 has the code. */
export const CURRENCY_CODE: Form = {
  pattern: '^[A-Z]{3}$',
  words: 'an ISO 4217 code in capitals such as USD',
};

/** Most major units of any currency; a bid or a `max_price` above it is refused. */
export const MAX_AMOUNT = 1_000_000_000;

/** Most characters (code points) of a search's query; a longer one is refused. */
export const MAX_QUERY_LENGTH = 500;

/** Most results of a search that names no limit. */
export const DEFAULT_SEARCH_LIMIT = 3;
/** Most results that a search may ask for; a higher limit is refused. */
export const MAX_SEARCH_LIMIT = 50;

/** Most attributes that a search may ask for; more are refused. */
export const MAX_ATTRIBUTES = 10;
/** Most characters (code points) of an attribute's name; a longer one is refused. */
export const MAX_ATTRIBUTE_NAME_LENGTH = 64;
/** Most characters (code points) of an attribute that is a text; a longer one is refused. */
export const MAX_ATTRIBUTE_TEXT_LENGTH = 200;

/** Each name of ReservationStatus has this word over HTTP, in the database and in logs. */
export const RESERVATION_STATUSES = {
  RESERVATION_STATUS_HELD: 'held',
  RESERVATION_STATUS_CONFIRMED: 'confirmed',
  RESERVATION_STATUS_RELEASED: 'released',
  RESERVATION_STATUS_EXPIRED: 'expired',
} as const;

/** The same for DealStatus: a deal is a reservation, or a bid that waits or waited for a person. */
export const DEAL_STATUSES = {
  DEAL_STATUS_PENDING: 'pending',
  DEAL_STATUS_DECLINED: 'declined',
  DEAL_STATUS_HELD: 'held',
  DEAL_STATUS_CONFIRMED: 'confirmed',
  DEAL_STATUS_RELEASED: 'released',
  DEAL_STATUS_EXPIRED: 'expired',
} as const;

/** The name on the wire of the service that agents ask. */
export const NEGOTIATION_SERVICE = 'aura.negotiation.v1.NegotiationService';

/** The services have these names in traces, logs and metrics, unless OTEL_SERVICE_NAME gives another. */
export const SERVICE_NAMES = { gateway: 'aura-gateway', core: 'aura-core' } as const;

/** The word of each gRPC status code stands at the index of the code. */
export const GRPC_STATUS_WORDS = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;
