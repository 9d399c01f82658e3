/** What can go wrong in the domain, in words that know no transport. */
export type DomainErrorKind =
  | 'invalid_argument'
  | 'not_found'
  | 'unauthenticated'
  | 'conflict'
  | 'failed_precondition'
  | 'unavailable'
  | 'deadline_exceeded'
  | 'cancelled';

/** One wrong field of an input; `field` is its name in the contract, nested ones with dots. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

export class DomainError extends Error {
  readonly kind: DomainErrorKind;
  /** UPPER_SNAKE_CASE, for programs. */
  readonly reason: string;
  readonly violations: readonly Violation[];

  constructor(
    kind: DomainErrorKind,
    reason: string,
    message: string,
    options: { readonly violations?: readonly Violation[]; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DomainError';
    this.kind = kind;
    this.reason = reason;
    this.violations = options.violations ?? [];
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

/** @param violations at least one; the message names the first */
export function invalidArgument(violations: readonly Violation[]): DomainError {
  const first = violations[0];
  const message = first ? `${first.field} ${first.description}` : 'the request is invalid';
  return new DomainError('invalid_argument', 'INVALID_ARGUMENT', message, { violations });
}
