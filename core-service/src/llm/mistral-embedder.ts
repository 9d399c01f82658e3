/** Mistral's embeddings over LangChain; loaded only when they are configured. */
import { MistralAIEmbeddings } from '@langchain/mistralai';
import { trace } from '@opentelemetry/api';
import type { ModelConfig } from '../config.ts';
import type { ModelCall } from '../telemetry/model-call.ts';
import { modelCall } from '../telemetry/model-call.ts';
import type { Embedder } from './embedder.ts';
import { traced } from './embedder.ts';
import { createHttpClient, PROVIDER } from './mistral-http.ts';
import { BATCH_TEXTS, withPatience } from './patient-embedder.ts';

export function createMistralEmbedder(config: ModelConfig, model: string): Embedder {
  const client = new MistralAIEmbeddings({
    apiKey: config.apiKey,
    serverURL: config.serverUrl,
    model,
    maxRetries: 0,
    batchSize: BATCH_TEXTS,
    httpClient: createHttpClient(),
  });
  const embedder = traced(PROVIDER, {
    model,
    embed: (texts, signal = new AbortController().signal) => {
      const span = trace.getActiveSpan();
      const call: ModelCall = { signal, ...(span && { span }) };
      return modelCall.run(call, () => client.embedDocuments([...texts]));
    },
  });
  return withPatience(embedder, config.embedCallsPerSecond);
}
