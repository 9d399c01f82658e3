import type { Fault } from './faults.ts';
import { faults } from './faults.ts';

export type Message = {
  readonly role: string;
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[] | null;
};

export type JsonSchema = { readonly [keyword: string]: unknown };

export type Tool = {
  readonly type: 'function';
  readonly function: { readonly name: string; readonly parameters: JsonSchema };
};

export type ChatRequest = {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[] | null;
  readonly tool_choice?: string | { readonly function: { readonly name: string } } | null;
};

export type EmbeddingsRequest = {
  readonly model: string;
  readonly input: string | readonly string[];
};

export type FaultRequest = {
  readonly fault: Fault;
  readonly times?: number;
  readonly delay_ms?: number;
};

const chunk = {
  type: 'object',
  required: ['type'],
  properties: { type: { type: 'string' }, text: { type: 'string' } },
};

const message = {
  type: 'object',
  required: ['role'],
  properties: {
    role: { enum: ['system', 'user', 'assistant', 'tool'] },
    content: {
      anyOf: [{ type: 'string' }, { type: 'array', items: chunk }, { type: 'null' }],
    },
  },
  // Only the messages of an assistant or a tool may come without content.
  anyOf: [
    { properties: { role: { enum: ['assistant', 'tool'] } } },
    { required: ['content'], properties: { content: { not: { type: 'null' } } } },
  ],
};

const namedFunction = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' } },
};

const tool = {
  type: 'object',
  required: ['type', 'function'],
  properties: {
    type: { const: 'function' },
    function: {
      ...namedFunction,
      required: ['name', 'parameters'],
      properties: { ...namedFunction.properties, parameters: { type: 'object' } },
    },
  },
};

export const chatRequestSchema = {
  type: 'object',
  required: ['model', 'messages'],
  properties: {
    model: { type: 'string', minLength: 1 },
    messages: { type: 'array', minItems: 1, items: message },
    temperature: { anyOf: [{ type: 'number', minimum: 0, maximum: 1.5 }, { type: 'null' }] },
    tools: { anyOf: [{ type: 'array', items: tool }, { type: 'null' }] },
    tool_choice: {
      anyOf: [
        { enum: ['auto', 'none', 'any', 'required', null] },
        { type: 'object', required: ['function'], properties: { function: namedFunction } },
      ],
    },
    // A client that slides into streaming would get no token usage, so it is refused and told why.
    stream: { enum: [false, null] },
  },
};

export const embeddingsRequestSchema = {
  type: 'object',
  required: ['model', 'input'],
  properties: {
    model: { type: 'string', minLength: 1 },
    input: {
      anyOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }],
    },
    encoding_format: { enum: ['float', null] },
  },
};

export const faultRequestSchema = {
  type: 'object',
  required: ['fault'],
  additionalProperties: false,
  properties: {
    fault: { enum: faults },
    times: { type: 'integer', minimum: 1 },
    delay_ms: { type: 'integer', minimum: 0, maximum: 600_000 },
  },
};
