import { metrics } from '@opentelemetry/api';

const fallbacks = metrics.getMeter('aura.core').createCounter('aura.fallbacks', {
  description: 'Requests answered without the model or the embedder because it failed',
});

/** Counts a request that was answered without a part that failed. */
export function countFallback(part: 'model' | 'embedder'): void {
  fallbacks.add(1, { of: part });
}
