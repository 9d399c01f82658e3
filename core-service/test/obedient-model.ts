import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Order {
  readonly tool?: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface ObedientModel {
  readonly url: string;
  /** The prompts it got since the last call, system prompt included, as they were sent. */
  takePrompts(): string[];
  /**
   * What it answers from now on, whatever it is asked: so it obeys an order however well it is
   * hidden, and also one that never reached it.
   */
  obey(order: (prompt: string) => Order): void;
  close(): Promise<void>;
}

/** Speaks as much of Mistral's chat API as the LangChain client needs. */
export async function startObedientModel(): Promise<ObedientModel> {
  let prompts: string[] = [];
  let order: (prompt: string) => Order = () => ({ args: {} });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await json(request)) as { messages: unknown };
    const prompt = JSON.stringify(body.messages);
    prompts.push(prompt);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(completion(order(prompt))));
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takePrompts: () => {
      const taken = prompts;
      prompts = [];
      return taken;
    },
    obey: (next) => void (order = next),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function completion({ tool = 'answer_bid', args }: Order): object {
  const call = { name: tool, arguments: JSON.stringify(args) };
  const toolCalls = [{ id: '123456789', type: 'function', function: call, index: 0 }];
  const message = { role: 'assistant', content: '', tool_calls: toolCalls };
  return {
    id: 'obedient',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'mistral-large-latest',
    choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}
