import type { FieldError } from './problem.ts';

/**
 * Makes an error that is answered with this status.
 * @param code in UPPER_SNAKE_CASE, for programs
 */
export function refusal(statusCode: number, code: string, detail: string): Error {
  return Object.assign(new Error(detail), { statusCode, code });
}

/** The caller's mistake, told by the fields that are wrong; it is answered with 400. */
export class WrongFields extends Error {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super('the request has wrong fields');
    this.errors = errors;
  }
}

/** An agent that signed the request names another one in it; it is answered with 403. */
export class NotTheSigner extends Error {
  readonly errors: readonly FieldError[];

  /** @param signer the DID that signed */
  constructor(signer: string) {
    super('The request was signed by another agent than it names.');
    this.errors = [{ path: 'agent_did', message: `must be ${signer}, which signed the request` }];
  }
}
