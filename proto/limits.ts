/**
 * The limits and words of the contract that both edges check, each written once. This file imports
 * nothing: telemetry preloads read it before grpc-js may be loaded.
 */

/** A text that has a form of its own. */
interface Form {
  /** A regular expression that means the same in JSON Schema and in JavaScript with the flag u. */
  readonly pattern: string;
  /** Continues a message that begins with `must be`, and describes the field in the documents. */
  readonly words: string;
}

export const ITEM_ID: Form = {
  pattern: '^[A-Za-z0-9_.:-]{1,64}$',
  words: '1 to 64 letters, digits or any of _ . : -',
};

/** Characters of an agent's identifier; a longer one is refused. */
export const MAX_AGENT_ID_LENGTH = 256;
/** Any visible ASCII; what begins like a W3C decentralised identifier has to be one. */
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

/** Four groups in the alphabet of Crockford's base 32, which has no I, L, O or U. */
export const RESERVATION_CODE: Form = {
  pattern: '^AURA(-[0-9A-HJKMNP-TV-Z]{8}){4}$',
  words: 'the reservation_code of an accepted bid, AURA-…',
};

/** Characters of an idempotency key; a longer one is refused. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;

/** The form alone: core also asks whether ISO 4217 has the code. */
export const CURRENCY_CODE: Form = {
  pattern: '^[A-Z]{3}$',
  words: 'an ISO 4217 code in capitals such as USD',
};

/** Major units of any currency; a bid or a `max_price` above it is refused. */
export const MAX_AMOUNT = 1_000_000_000;

/** Characters (code points) of a search's query; a longer one is refused. */
export const MAX_QUERY_LENGTH = 500;

/** Results a search answers with when it names no limit, and at most; more is refused. */
export const DEFAULT_SEARCH_LIMIT = 3;
export const MAX_SEARCH_LIMIT = 50;

/** Attributes a search may ask for, and their characters (code points); more is refused. */
export const MAX_ATTRIBUTES = 10;
export const MAX_ATTRIBUTE_NAME_LENGTH = 64;
export const MAX_ATTRIBUTE_TEXT_LENGTH = 200;

/** What became of a reservation: the contract's name → the word of HTTP, the database and logs. */
export const RESERVATION_STATUSES = {
  RESERVATION_STATUS_HELD: 'held',
  RESERVATION_STATUS_CONFIRMED: 'confirmed',
  RESERVATION_STATUS_RELEASED: 'released',
  RESERVATION_STATUS_EXPIRED: 'expired',
} as const;

/** What became of a deal, as above: a reservation, or a bid that waits or waited for a person. */
export const DEAL_STATUSES = {
  DEAL_STATUS_PENDING: 'pending',
  DEAL_STATUS_DECLINED: 'declined',
  DEAL_STATUS_HELD: 'held',
  DEAL_STATUS_CONFIRMED: 'confirmed',
  DEAL_STATUS_RELEASED: 'released',
  DEAL_STATUS_EXPIRED: 'expired',
} as const;

/** The service that agents ask, by its name on the wire. */
export const NEGOTIATION_SERVICE = 'aura.negotiation.v1.NegotiationService';

/** What the services call themselves in traces, logs and metrics unless OTEL_SERVICE_NAME differs. */
export const SERVICE_NAMES = { gateway: 'aura-gateway', core: 'aura-core' } as const;

/** The words of the gRPC status codes, by code. */
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
