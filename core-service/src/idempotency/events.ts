import { metrics } from '@opentelemetry/api';
import type { Logger } from '../logger.ts';
import { setAttributes } from '../telemetry/spans.ts';

const replays = metrics.getMeter('aura.core').createCounter('aura.idempotency.replays', {
  description: 'Answers given again for an idempotency key',
  unit: '{answer}',
});

/** The answer of an idempotency key was given again. */
export function answerReplayed(logger: Logger): void {
  setAttributes({ 'aura.idempotency.replayed': true });
  replays.add(1);
  logger.info('answer_replayed');
}
