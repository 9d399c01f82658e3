import { createHash } from 'node:crypto';
import type { Fault } from './faults.ts';
import type { ChatRequest, JsonSchema, Message, Tool } from './requests.ts';
import { countUsage } from './usage.ts';
import type { Situation } from './words.ts';
import {
  cheapMessage,
  findInjection,
  hostileMessage,
  isRecord,
  pick,
  politeMessage,
  readSituation,
} from './words.ts';

type Answer = { readonly content: string; readonly call?: { name: string; arguments: string } };

/** The facts that the words and choices of one answer are made from. */
type Source = {
  readonly situation: Situation | undefined;
  readonly texts: readonly string[];
  readonly seed: number;
  readonly fault: Fault;
};

/** @returns the vendor's answer body, which is the same for the same request but for its time */
export function completeChat(request: ChatRequest, fault: Fault): Record<string, unknown> {
  const { model, messages, tools } = request;
  const question = JSON.stringify([model, messages, tools ?? []]);
  const digest = createHash('sha256').update(question).digest('hex');
  const { content, call } = answer(request, {
    situation: messages.filter(isFromUser).map(textOf).map(readSituation).findLast(Boolean),
    texts: messages.map(textOf),
    seed: Number.parseInt(digest.slice(0, 8), 16),
    fault,
  });
  const toolCalls = call && [
    { id: digest.slice(0, 9), type: 'function', function: call, index: 0 },
  ];
  const prompt = messages.map(textOf).join('') + JSON.stringify(tools ?? '');
  const completion = content + (call?.name ?? '') + (call?.arguments ?? '');
  return {
    id: digest.slice(0, 32),
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, tool_calls: toolCalls ?? null },
        finish_reason: call === undefined ? 'stop' : 'tool_calls',
      },
    ],
    usage: countUsage(prompt, completion),
  };
}

function answer(request: ChatRequest, source: Source): Answer {
  const tool = chooseTool(request);
  if (tool === undefined || source.fault === 'no_tool') return { content: say(source, undefined) };
  const args = fillObject(tool.function.parameters, source);
  if (source.fault === 'low_price') Object.assign(args, { price: 1, final_price: 1 });
  const names = (request.tools ?? []).map((each) => each.function.name);
  // The name is longer than any offered one, so it is none of them.
  const name = source.fault === 'wrong_tool' ? `not_${names.join('_')}` : tool.function.name;
  return { content: '', call: { name, arguments: JSON.stringify(args) } };
}

function chooseTool({ tools, tool_choice: choice }: ChatRequest): Tool | undefined {
  if (choice === 'none') return undefined;
  if (typeof choice !== 'object' || choice === null) return tools?.[0];
  return tools?.find((tool) => tool.function.name === choice.function.name);
}

/** Fills in the required properties only, and enums first, because the words depend on the chosen move. */
function fillObject(schema: JsonSchema, source: Source): Record<string, unknown> {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const fields = Object.entries(properties)
    .filter(([name]) => required.includes(name))
    .map(([name, field]) => [name, isRecord(field) ? field : {}] as const);
  const chosen = fields.flatMap(([name, { enum: values }]) =>
    Array.isArray(values) && values.length > 0 ? [[name, choose(name, values, source)]] : [],
  );
  const picked: Record<string, unknown> = Object.fromEntries(chosen);
  const move = typeof picked['move'] === 'string' ? picked['move'] : undefined;
  const filled = fields.map(([name, field]) => [
    name,
    Object.hasOwn(picked, name) ? picked[name] : fill(field, source, move),
  ]);
  return Object.fromEntries(filled);
}

function choose(name: string, values: readonly unknown[], source: Source): unknown {
  if (source.fault === 'wrong_action') return `not_${values.join('_')}`;
  const said = source.fault === 'leak' ? findInjection(injectable(source)) : undefined;
  const obeyed = values.find((value) => typeof value === 'string' && said?.includes(value));
  return obeyed ?? (name === 'move' ? values[0] : pick(values, source.seed));
}

function fill(field: JsonSchema, source: Source, move: string | undefined): unknown {
  if ('const' in field) return field['const'];
  if (Array.isArray(field['anyOf'])) return fill(field['anyOf'].find(isRecord) ?? {}, source, move);
  switch (field['type']) {
    case 'number':
    case 'integer':
      return typeof field['minimum'] === 'number' ? field['minimum'] : 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object':
      return fillObject(field, source);
    default:
      return say(source, move);
  }
}

function say(source: Source, move: string | undefined): string {
  const { situation, seed, fault } = source;
  if (fault === 'low_price') return cheapMessage(situation);
  if (fault === 'hostile') return hostileMessage;
  const injected = fault === 'leak' ? findInjection(injectable(source)) : undefined;
  return injected ?? politeMessage(situation, move, seed);
}

function injectable({ situation, texts }: Source): readonly string[] {
  return [...(situation?.strings ?? []), ...texts];
}

function isFromUser({ role }: Message): boolean {
  return role === 'user';
}

function textOf({ content }: Message): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((chunk) => chunk.text ?? '').join('');
}
