/** Characters of an ISO 8601 instant up to its milliseconds. */
const TO_SECONDS = '2026-01-01T00:00:00.'.length;

let second = Number.NaN;
let written = '';

/** Returns the instant in ISO 8601, in UTC with milliseconds; what the second makes of it is kept. */
export function isoTimestamp(milliseconds: number): string {
  const now = Math.floor(milliseconds / 1_000);
  if (now !== second) {
    second = now;
    written = new Date(now * 1_000).toISOString().slice(0, TO_SECONDS);
  }
  return `${written}${String(milliseconds % 1_000).padStart(3, '0')}Z`;
}
