import { metrics } from '@opentelemetry/api';
import type { Logger } from '../logger.ts';
import { setAttributes } from '../telemetry/spans.ts';

const replays = metrics.getMeter('aura.core').createCounter('aura.agent.replays', {
  description: 'Signed requests that were refused because their nonce was used before',
  unit: '{request}',
});

/** A signed request came a second time, by whoever had a copy of it. */
export function signatureReplayed(logger: Logger): void {
  setAttributes({ 'aura.agent.refusal': 'SIGNATURE_REPLAYED' });
  replays.add(1);
  logger.warn('signature_replayed');
}
