/** The client metrics of the GenAI semantic conventions; spans can be sampled away, these cannot. */
import type { Attributes } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';
import type { Circuit } from './chat-model.ts';

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

const circuit = meter.createObservableGauge('aura.llm.circuit', {
  description: 'How the circuit breaker before the model is: 1 for its state, 0 for the others',
  unit: '1',
});
const CIRCUITS: readonly Circuit[] = ['closed', 'open', 'half_open'];

interface Operation {
  readonly name: 'chat' | 'embeddings';
  /** `gen_ai.provider.name` */
  readonly provider: string;
  readonly model: string;
}

/** Runs a call of the model and records how long it took, and with which error it failed. */
export async function measured<T>(operation: Operation, call: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const labels = labelsOf(operation);
  const record = (attributes: Attributes): void =>
    duration.record((performance.now() - started) / 1_000, attributes);
  try {
    const answer = await call();
    record(labels.all);
    return answer;
  } catch (error) {
    record({ ...labels.all, 'error.type': error instanceof Error ? error.name : '_OTHER' });
    throw error;
  }
}

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

export function countTokens(operation: Operation, usage: Usage | undefined): void {
  if (!usage) return;
  const labels = labelsOf(operation);
  tokens.record(usage.input_tokens, labels.input);
  tokens.record(usage.output_tokens, labels.output);
}

/**
 * Tells in each collection how a circuit breaker is.
 *
 * @param name of the operation that it keeps away
 */
export function observeCircuit(name: Operation['name'], state: () => Circuit): void {
  const labels = CIRCUITS.map((each) => ({
    each,
    attributes: Object.freeze({ 'gen_ai.operation.name': name, 'aura.llm.circuit': each }),
  }));
  circuit.addCallback((result) => {
    const now = state();
    for (const { each, attributes } of labels) result.observe(each === now ? 1 : 0, attributes);
  });
}

interface Labels {
  readonly all: Attributes;
  readonly input: Attributes;
  readonly output: Attributes;
}
/** By operation and model, of which the configuration names a few. */
const labelSets = new Map<string, Labels>();

function labelsOf({ name, provider, model }: Operation): Labels {
  const key = `${name} ${model}`;
  const known = labelSets.get(key);
  if (known !== undefined) return known;
  const all = {
    'gen_ai.operation.name': name,
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
  };
  // The SDK looks up what is frozen without working out its hash again.
  const made = {
    all: Object.freeze(all),
    input: Object.freeze({ ...all, 'gen_ai.token.type': 'input' }),
    output: Object.freeze({ ...all, 'gen_ai.token.type': 'output' }),
  };
  labelSets.set(key, made);
  return made;
}
