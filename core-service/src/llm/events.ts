import type { Logger } from '../logger.ts';
import type { Wait } from './patient-embedder.ts';

/** The vendor of the embedder asked for a pause of some seconds; what has no vector yet waits for it. */
export function embedderWaits(logger: Logger, { status, askedMs }: Wait): void {
  const wait_s = Math.ceil(askedMs / 1_000);
  logger.warn({ status_code: status, wait_s }, 'embedder_waits');
}
