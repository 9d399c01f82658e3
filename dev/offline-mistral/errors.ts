/** These are the error bodies of the vendor, in its shape. */
export type MistralError = {
  readonly object: 'error';
  readonly message: unknown;
  readonly type: string;
  readonly param: null;
  readonly code: string | null;
};

export function mistralError(
  message: unknown,
  type = 'invalid_request_error',
  code: string | null = null,
): MistralError {
  return { object: 'error', message, type, param: null, code };
}

type Flaw = {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string | undefined;
};

/** The body of a 422 names the way to each bad value, as in `["body", "messages", 0, "role"]`. */
export function validationError(flaws: readonly Flaw[]): MistralError {
  const detail = flaws.map(({ keyword, instancePath, message }) => ({
    type: keyword,
    loc: ['body', ...instancePath.split('/').slice(1).map(asIndex)],
    msg: message ?? 'is not valid',
  }));
  return mistralError({ detail });
}

function asIndex(step: string): string | number {
  return /^\d+$/.test(step) ? Number(step) : step;
}
