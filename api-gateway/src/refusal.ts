/**
 * Makes an error that is answered with this status.
 * @param code in UPPER_SNAKE_CASE, for programs
 */
export function refusal(statusCode: number, code: string, detail: string): Error {
  return Object.assign(new Error(detail), { statusCode, code });
}
