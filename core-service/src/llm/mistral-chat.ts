/**
 * Mistral's chat over LangChain. Loaded only when a model is configured: importing LangChain costs
 * about a second and 100 MB.
 */
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { ChatMistralAI } from '@langchain/mistralai';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { z } from 'zod';
import type { ModelConfig } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { ModelCall } from '../telemetry/model-call.ts';
import { modelCall } from '../telemetry/model-call.ts';
import type { ChatModel, Circuit, Question } from './chat-model.ts';
import { CallerGoneError } from './chat-model.ts';
import type { Usage } from './metrics.ts';
import { countTokens, measured, observeCircuit } from './metrics.ts';
import { createHttpClient, PROVIDER } from './mistral-http.ts';
import type { TakeTokens } from './shared-budget.ts';
import { createSpend } from './spend.ts';

/** A buyer's answer waits this long for the model's words, then the policy's are said. */
const BUDGET_MS = 3_000;
const TEMPERATURE = 0.2;
/** This many failures in a row keep calls away from the model … */
const FAILURES_TO_OPEN = 5;
/** … for this long; then one call probes it. */
const OPEN_FOR_MS = 10_000;

const CIRCUITS: Readonly<Record<CircuitState, Circuit>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
};

/** @param take takes tokens from the budgets that all cores have together */
export function createMistralChat(
  config: ModelConfig,
  logger: Logger,
  take: TakeTokens,
): ChatModel {
  const chat = new ChatMistralAI({
    apiKey: config.apiKey,
    serverURL: config.serverUrl,
    model: config.chatModel,
    temperature: TEMPERATURE,
    maxRetries: 0,
    httpClient: createHttpClient(),
  });
  // Callers who hang up must not open the circuit for everybody, nor close it when they do so
  // during the one call that probes the model.
  const isFailure = (error: unknown): boolean =>
    !(error instanceof CallerGoneError) || breaker.state === CircuitState.HalfOpen;
  const breaker = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: OPEN_FOR_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  const spend = createSpend(config.limits, take);
  breaker.onBreak(() => logger.warn('llm_circuit_opened'));
  breaker.onReset(() => logger.info('llm_circuit_closed'));
  observeCircuit('chat', () => CIRCUITS[breaker.state]);

  /** One call of the model; its tokens are charged, whatever came of it. */
  async function call<Answer>(
    question: Question<Answer>,
    agentDid: string,
    signal: AbortSignal,
  ): Promise<Answer> {
    let tokens: number | undefined;
    try {
      const { args, usage } = await invoke(chat, config.chatModel, question);
      if (usage) tokens = usage.input_tokens + usage.output_tokens;
      return question.answer.parse(args);
    } catch (error) {
      throw signal.aborted ? new CallerGoneError({ cause: error }) : error;
    } finally {
      await spend.charge(agentDid, tokens);
    }
  }

  return {
    logger,
    circuit: () => CIRCUITS[breaker.state],
    ask: (question, agentDid, signal) => {
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(BUDGET_MS)]);
      const scope: ModelCall = { signal: inTime };
      // A call that is not made says nothing of the model: the breaker does not hear of it.
      return spend.within(agentDid, inTime, () =>
        breaker.execute(() => modelCall.run(scope, () => call(question, agentDid, signal))),
      );
    },
  };
}

/** @returns the arguments of the tool that the model called, and what the call cost */
async function invoke(chat: ChatMistralAI, model: string, question: Question<unknown>) {
  const { system, prompt, tool } = question;
  const { name, description } = tool;
  const parameters = z.toJSONSchema(tool.parameters);
  // No chain around it: a chain would put `workflow …` spans into the trace.
  const bound = chat.bindTools(
    [{ type: 'function', function: { name, description, parameters } }],
    { tool_choice: 'any' },
  );
  const messages = [new SystemMessage(system), new HumanMessage(prompt)];
  const callbacks = [{ handleLLMEnd: noteAnswer }];
  const operation = { name: 'chat', provider: PROVIDER, model } as const;
  const answer = await measured(operation, () => bound.invoke(messages, { callbacks }));
  const usage = answer.usage_metadata as Usage | undefined;
  countTokens(operation, usage);
  return { args: answer.tool_calls?.find((each) => each.name === name)?.args, usage };
}

/** Tells the span what LangChain's instrumentation looks for under other names. */
function noteAnswer(output: {
  generations: { generationInfo?: Record<string, unknown> }[][];
}): void {
  const info = output.generations[0]?.[0]?.generationInfo;
  const call = modelCall.getStore();
  if (!info || !call) return;
  if (typeof info['finishReason'] === 'string') call.finishReason = info['finishReason'];
  if (typeof info['model'] === 'string') call.responseModel = info['model'];
}
