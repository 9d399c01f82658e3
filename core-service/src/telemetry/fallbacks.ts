import { metrics } from '@opentelemetry/api';

const fallbacks = metrics.getMeter('aura.core').createCounter('aura.fallbacks', {
  description: 'Requests answered without the model or the embedder because it failed',
  unit: '{request}',
});
const PARTS = {
  model: Object.freeze({ 'aura.fallback.part': 'model' }),
  embedder: Object.freeze({ 'aura.fallback.part': 'embedder' }),
} as const;

/** Counts a request that was answered without a part that failed. */
export function countFallback(part: keyof typeof PARTS): void {
  fallbacks.add(1, PARTS[part]);
}
