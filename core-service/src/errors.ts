/** The kinds of what can go wrong in the domain; no transport is known here. */
export type DomainErrorKind =
  | 'invalid_argument'
  | 'not_found'
  | 'unauthenticated'
  | 'conflict'
  | 'failed_precondition'
  | 'unavailable'
  | 'resource_exhausted'
  | 'quota_exceeded'
  | 'deadline_exceeded'
  | 'cancelled';

/** One wrong field of an input; `field` is its name in the contract, nested ones with dots. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

const CALLERS_KINDS: ReadonlySet<DomainErrorKind> = new Set([
  'invalid_argument',
  'not_found',
  'unauthenticated',
  'conflict',
  'failed_precondition',
  'quota_exceeded',
]);

export class DomainError extends Error {
  readonly kind: DomainErrorKind;
  /** UPPER_SNAKE_CASE, for programs. */
  readonly reason: string;
  readonly violations: readonly Violation[];
  /** Whole seconds after which another try may go better, where they are known. */
  readonly retryAfterSeconds: number | undefined;
  /** True where the caller has made the mistake, and nothing of ours has failed. */
  readonly isCallersFault: boolean;

  constructor(
    kind: DomainErrorKind,
    reason: string,
    message: string,
    options: {
      readonly violations?: readonly Violation[];
      readonly retryAfterSeconds?: number;
      /** True where a kind that is the caller's fault elsewhere says that the seller has to do something. */
      readonly isOurs?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DomainError';
    this.kind = kind;
    this.reason = reason;
    this.violations = options.violations ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.isCallersFault = CALLERS_KINDS.has(kind) && !options.isOurs;
  }
}

/**
 * The error at the bottom of a chain of causes. Those above it may quote statements with their
 * parameters, and among these are tokens, reservation codes and prices: never write those down.
 */
export function rootCause(error: unknown): unknown {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root;
}

/**
 * The error of the domain that another one was caused by, or is itself: a library that hands our own
 * errors on may wrap them. Undefined for a bug.
 */
export function asDomainError(error: unknown): DomainError | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof DomainError) return each;
  }
  return undefined;
}

/** @returns the error of a caller who went away before its answer */
export function callerGone(options: ErrorOptions = {}): DomainError {
  return new DomainError('cancelled', 'CANCELLED', 'the caller went away', options);
}

/** @param violations at least one; the message names the first */
export function invalidArgument(violations: readonly Violation[]): DomainError {
  const first = violations[0];
  const message = first ? `${first.field} ${first.description}` : 'the request is invalid';
  return new DomainError('invalid_argument', 'INVALID_ARGUMENT', message, { violations });
}
