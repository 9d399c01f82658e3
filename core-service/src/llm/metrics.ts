/** The client metrics of the GenAI semantic conventions; spans can be sampled away, these cannot. */
import type { Attributes } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('aura.llm');
const duration = meter.createHistogram('gen_ai.client.operation.duration', {
  description: 'How long the model took',
  unit: 's',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24],
  },
});
const tokens = meter.createHistogram('gen_ai.client.token.usage', {
  description: 'Tokens of a call',
  unit: '{token}',
  advice: { explicitBucketBoundaries: [1, 4, 16, 64, 256, 1_024, 4_096, 16_384] },
});

interface Operation {
  readonly name: 'chat' | 'embeddings';
  /** `gen_ai.provider.name` */
  readonly provider: string;
  readonly model: string;
}

/** Runs a call of the model and records how long it took, and with which error it failed. */
export async function measured<T>(operation: Operation, call: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const record = (attributes: Attributes): void =>
    duration.record((performance.now() - started) / 1_000, {
      ...attributesOf(operation),
      ...attributes,
    });
  try {
    const answer = await call();
    record({});
    return answer;
  } catch (error) {
    record({ 'error.type': error instanceof Error ? error.name : '_OTHER' });
    throw error;
  }
}

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

export function countTokens(operation: Operation, usage: Usage | undefined): void {
  if (!usage) return;
  const attributes = attributesOf(operation);
  tokens.record(usage.input_tokens, { ...attributes, 'gen_ai.token.type': 'input' });
  tokens.record(usage.output_tokens, { ...attributes, 'gen_ai.token.type': 'output' });
}

function attributesOf({ name, provider, model }: Operation): Attributes {
  return {
    'gen_ai.operation.name': name,
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
  };
}
