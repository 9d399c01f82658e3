/**
 * LangChain's Mistral clients. Loaded only when a model is configured: importing LangChain costs
 * about a second and 100 MB.
 */
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { ChatMistralAI, MistralAIEmbeddings } from '@langchain/mistralai';
import { HTTPClient } from '@mistralai/mistralai/lib/http.js';
import { context, propagation, trace } from '@opentelemetry/api';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { z } from 'zod';
import type { ModelConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { CallScope } from '../telemetry/model-call.ts';
import { callScope } from '../telemetry/model-call.ts';
import type { Embedder } from './embeddings.ts';
import { traced } from './embeddings.ts';
import type { Circuit, Haggler, Proposal } from './haggler.ts';
import { CallerGoneError } from './haggler.ts';
import type { Usage } from './metrics.ts';
import { countTokens, measured } from './metrics.ts';
import { BATCH_TEXTS, withPatience } from './patient-embedder.ts';
import { ANSWER_TOOL, SYSTEM_PROMPT, situationPrompt } from './prompts.ts';
import { createSpend } from './spend.ts';

/** `gen_ai.provider.name` by the semantic conventions. */
const PROVIDER = 'mistral_ai';
/** How long a buyer's answer may wait for the model's words. */
const BUDGET_MS = 3_000;
const TEMPERATURE = 0.2;
const FAILURES_TO_OPEN = 5;
const OPEN_FOR_MS = 10_000;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * fetch with the call's own signal and span. The baggage (the agent's DID) ends here: it is not
 * the vendor's business. The body is read and parsed before the SDK sees it, because a body that
 * fails inside the SDK leaves an unhandled rejection behind, which would end the process.
 */
async function fetchInScope(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const scope = callScope.getStore();
  const request = new Request(input, init);
  const signal = scope ? AbortSignal.any([request.signal, scope.signal]) : request.signal;
  let outside = propagation.deleteBaggage(context.active());
  if (scope?.span) outside = trace.setSpan(outside, scope.span);
  return context.with(outside, async () => {
    const response = await fetch(request, { signal });
    const body = await response.text();
    if (body.length > MAX_ANSWER_BYTES) throw new RangeError('the answer is too large');
    if (response.ok) JSON.parse(body);
    // What a vendor says of an error can quote the prompt; the SDK would put it into its message.
    return new Response(response.ok ? body : '{}', response);
  });
}

const proposal = z.object({ move: z.string().max(32), message: z.string().max(4_000) });

const CIRCUITS: Readonly<Record<CircuitState, Circuit>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
};

export function createMistralHaggler(config: ModelConfig, logger: Logger): Haggler {
  const chat = new ChatMistralAI({
    apiKey: config.apiKey,
    serverURL: config.serverUrl,
    model: config.chatModel,
    temperature: TEMPERATURE,
    maxRetries: 0,
    httpClient: new HTTPClient({ fetcher: fetchInScope }),
  });
  // Callers who hang up must not open the circuit for everybody, nor close it when they do so
  // during the one call that probes the model.
  const isFailure = (error: unknown): boolean =>
    !(error instanceof CallerGoneError) || breaker.state === CircuitState.HalfOpen;
  const operation = { name: 'chat', provider: PROVIDER, model: config.chatModel } as const;
  const breaker = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: OPEN_FOR_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  const spend = createSpend(config.limits);
  breaker.onBreak(() => logger.warn('llm_circuit_opened'));
  breaker.onReset(() => logger.info('llm_circuit_closed'));

  return {
    logger,
    circuit: () => CIRCUITS[breaker.state],
    propose: async (situation, agentDid, signal) => {
      const moves = situation.moves.map((each) => each.move);
      const schema = z.object({ move: z.enum(moves), message: z.string() });
      const tool = {
        type: 'function' as const,
        function: {
          name: ANSWER_TOOL,
          description: 'Answers the bid with one of the allowed moves.',
          parameters: z.toJSONSchema(schema),
        },
      };
      const messages = [
        new SystemMessage(SYSTEM_PROMPT),
        new HumanMessage(situationPrompt(situation)),
      ];
      const scope: CallScope = {
        signal: AbortSignal.any([signal, AbortSignal.timeout(BUDGET_MS)]),
      };
      const callbacks = [{ handleLLMEnd: noteAnswer }];
      const ask = async (): Promise<Proposal> => {
        let tokens: number | undefined;
        try {
          // No chain around it: a chain would put `workflow …` spans into the trace.
          const bound = chat.bindTools([tool], { tool_choice: 'any' });
          const answer = await measured(operation, () => bound.invoke(messages, { callbacks }));
          const usage = answer.usage_metadata as Usage | undefined;
          countTokens(operation, usage);
          if (usage) tokens = usage.input_tokens + usage.output_tokens;
          const call = answer.tool_calls?.find((each) => each.name === ANSWER_TOOL);
          return proposal.parse(call?.args);
        } catch (error) {
          throw signal.aborted ? new CallerGoneError({ cause: error }) : error;
        } finally {
          await spend.charge(agentDid, tokens);
        }
      };
      // A call that is not made says nothing of the model: the breaker does not hear of it.
      return await spend.within(agentDid, () => breaker.execute(() => callScope.run(scope, ask)));
    },
  };
}

/** Tells the span what LangChain's instrumentation looks for under other names. */
function noteAnswer(output: {
  generations: { generationInfo?: Record<string, unknown> }[][];
}): void {
  const info = output.generations[0]?.[0]?.generationInfo;
  const scope = callScope.getStore();
  if (!info || !scope) return;
  if (typeof info['finishReason'] === 'string') scope.finishReason = info['finishReason'];
  if (typeof info['model'] === 'string') scope.responseModel = info['model'];
}

export function createMistralEmbedder(config: ModelConfig, model: string): Embedder {
  const client = new MistralAIEmbeddings({
    apiKey: config.apiKey,
    serverURL: config.serverUrl,
    model,
    maxRetries: 0,
    batchSize: BATCH_TEXTS,
    httpClient: new HTTPClient({ fetcher: fetchInScope }),
  });
  const embedder = traced(PROVIDER, {
    model,
    embed: (texts, signal = new AbortController().signal) => {
      const span = trace.getActiveSpan();
      const scope: CallScope = { signal, ...(span && { span }) };
      return callScope.run(scope, () => client.embedDocuments([...texts]));
    },
  });
  return withPatience(embedder, config.embedCallsPerSecond);
}
