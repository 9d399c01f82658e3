/** These make a SERVER span an error by the semantic conventions; the rest is the caller's fault. */
const SERVER_FAULTS = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** @param status a gRPC status as a word */
export function isServerFault(status: string): boolean {
  return SERVER_FAULTS.has(status);
}
