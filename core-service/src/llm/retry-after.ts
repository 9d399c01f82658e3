/** Seconds; what a vendor asks for beyond it is not waited for. */
const MAX_WAIT_S = 60;

/**
 * Reads how long a server wants us to stay away, by its `retry-after`, which is a count of seconds or a date
 * (RFC 9110, 10.2.3). A date is compared with the server's own clock where the answer tells it.
 *
 * @returns milliseconds, 0 to 60,000; 0 when it asks for nothing that can be read
 */
export function retryAfterMs(headers: Headers, now = Date.now()): number {
  return Math.min(askedMs(headers, now), MAX_WAIT_S * 1_000);
}

/** The same however long it is. */
export function askedMs(headers: Headers, now = Date.now()): number {
  const text = headers.get('retry-after')?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : untilDate(text, headers, now);
  return Number.isNaN(ms) ? 0 : Math.max(ms, 0);
}

function untilDate(text: string, headers: Headers, now: number): number {
  // A text without a letter is no date of HTTP's, whatever Date.parse makes of it.
  if (!/[A-Za-z]{3}/.test(text)) return Number.NaN;
  const theirs = Date.parse(headers.get('date') ?? '');
  return Date.parse(text) - (Number.isNaN(theirs) ? now : theirs);
}
