/** Mistral's embeddings over LangChain; loaded only when they are configured. */
import { MistralAIEmbeddings } from '@langchain/mistralai';
import { trace } from '@opentelemetry/api';
import type { ModelConfig } from '../config.ts';
import type { ModelCall } from '../telemetry/model-call.ts';
import { modelCall } from '../telemetry/model-call.ts';
import type { Embedder } from './embedder.ts';
import { EmbeddingError, traced } from './embedder.ts';
import { distinct, inOrder } from './embedding-answer.ts';
import { createHttpClient, PROVIDER } from './mistral-http.ts';
import type { Patience } from './patient-embedder.ts';
import { BATCH_TEXTS, withPatience } from './patient-embedder.ts';
import { BrokenAnswerError, UnreadableAnswerError } from './unreadable-answer.ts';

export function createMistralEmbedder(
  config: ModelConfig,
  model: string,
  patience: Patience = {},
): Embedder {
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
      const check = (body: unknown): unknown =>
        distinct(inOrder(body, { model, count: texts.length }), texts);
      const call: ModelCall = { signal, check, ...(span && { span }) };
      return modelCall
        .run(call, () => client.embedDocuments([...texts]))
        .catch((error: unknown) => {
          throw embeddingErrorOf(error) ?? error;
        });
    },
  });
  return withPatience(embedder, config.embedCallsPerSecond, patience);
}

/** The SDK wraps what is thrown inside it, and throws what it cannot read of an answer of success. */
function embeddingErrorOf(error: unknown): EmbeddingError | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof EmbeddingError) return each;
    if (each instanceof UnreadableAnswerError || each instanceof BrokenAnswerError) {
      return new EmbeddingError(each.message, { cause: each });
    }
  }
  const { statusCode = 0 } = error as { readonly statusCode?: number };
  if (statusCode < 200 || statusCode > 299) return undefined;
  return new EmbeddingError('the answer lacks a field that the embeddings API has');
}
