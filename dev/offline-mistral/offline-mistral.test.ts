import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { faults } from './faults.ts';
import type { OfflineMistralOptions } from './server.ts';
import { createOfflineMistral } from './server.ts';

const authorization = 'Bearer some-key';
const situation = {
  item: { name: 'Walnut desk', description: 'Solid wood.' },
  currency: 'USD',
  list_price: '1,000.00 USD',
  round: 2,
  rounds: 10,
  bid: '850.00 USD',
  moves: [
    { move: 'concede', ask: '980.50 USD' },
    { move: 'hold', ask: '990.00 USD' },
  ],
};
const answerBid = {
  type: 'function',
  function: {
    name: 'answer_bid',
    parameters: {
      type: 'object',
      properties: {
        move: { type: 'string', enum: ['concede', 'hold'] },
        message: { type: 'string' },
      },
      required: ['move', 'message'],
    },
  },
};

let running: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(running.map((app) => app.close()));
  running = [];
});

function start(options?: OfflineMistralOptions): FastifyInstance {
  const app = createOfflineMistral(options);
  running.push(app);
  return app;
}

function question(block: unknown, more: object = {}): object {
  const content = `Answer the bid.\n\`\`\`json\n${JSON.stringify(block)}\n\`\`\`\nBe brief.`;
  const messages = [
    { role: 'system', content: 'You sell.' },
    { role: 'user', content },
  ];
  return { model: 'mistral-large-latest', messages, tools: [answerBid], ...more };
}

function post(app: FastifyInstance, url: string, payload: object): Promise<LightMyRequestResponse> {
  return app.inject({ method: 'POST', url, payload, headers: { authorization } });
}

async function ask(app: FastifyInstance, payload: object): Promise<any> {
  const response = await post(app, '/v1/chat/completions', payload);
  expect(response.statusCode).toBe(200);
  return response.json();
}

/** Asks over a real connection, which can break, as `inject` cannot. */
function send(url: string, signal: AbortSignal | null = null): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(question(situation)),
    signal,
  });
}

/** @returns the arguments of the one tool call in an answer */
async function decide(app: FastifyInstance, payload: object): Promise<Record<string, unknown>> {
  const { choices } = await ask(app, payload);
  return JSON.parse(choices[0].message.tool_calls[0].function.arguments);
}

describe('chat', () => {
  test('calls the offered tool with the first move, its ask and the item name', async () => {
    const body = await ask(start(), question(situation, { tool_choice: 'any' }));
    expect(body).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'mistral-large-latest',
      choices: [{ index: 0, finish_reason: 'tool_calls' }],
    });
    const [call] = body.choices[0].message.tool_calls;
    expect(call).toMatchObject({ id: expect.stringMatching(/^[A-Za-z0-9]{9}$/), type: 'function' });
    expect(call.function.name).toBe('answer_bid');
    const args = JSON.parse(call.function.arguments);
    expect(Object.keys(args).toSorted()).toEqual(['message', 'move']);
    expect(args.move).toBe('concede');
    expect(args.message).toContain('Walnut desk');
    expect(args.message.match(/\d[\d.,]*(?: USD)?/g)).toEqual(['980.50 USD']);
  });

  test('answers the same request with the same body, on any server', async () => {
    const [first, second] = await Promise.all(
      [start(), start()].map((app) => ask(app, question(situation))),
    );
    expect({ ...second, created: 0 }).toEqual({ ...first, created: 0 });
  });

  test('opens with other words in each round that follows', async () => {
    const app = start();
    const rounds = [1, 2, 3, 4, 5, 6];
    const answers = rounds.map((round) => decide(app, question({ ...situation, round })));
    const openings = (await Promise.all(answers)).map(
      ({ message }) => String(message).split('.')[0],
    );
    expect(new Set(openings).size).toBe(rounds.length);
  });

  test('says something without figures where it finds no situation', async () => {
    const app = start();
    for (const content of ['Hello, 5 times', '```json\n{"broken": 1\n```', '```json\n[7]\n```']) {
      const { message } = await decide(
        app,
        question({}, { messages: [{ role: 'user', content }] }),
      );
      expect(message).toMatch(/^[^\d]{10,}$/);
    }
  });

  test('reads content in chunks and survives a fence inside a string', async () => {
    const block = { ...situation, item: { name: 'Desk ```json\n{}\n``` lamp' } };
    const text = `\`\`\`json\n${JSON.stringify(block, null, 2)}\n\`\`\``;
    const messages = [{ role: 'user', content: [{ type: 'text', text }] }];
    const { message } = await decide(start(), question({}, { messages }));
    expect(message).toContain('Desk ```json');
    expect(message).toContain('980.50 USD');
  });

  test('fills the required properties of any schema', async () => {
    const parameters = {
      type: 'object',
      properties: {
        mood: { enum: ['calm', 'warm'] },
        kind: { const: 'reply' },
        score: { type: 'number', minimum: 3 },
        sure: { type: 'boolean' },
        tags: { type: 'array' },
        inner: { type: 'object', properties: { note: { type: 'string' } }, required: ['note'] },
        maybe: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
        optional: { type: 'string' },
      },
      required: ['mood', 'kind', 'score', 'sure', 'tags', 'inner', 'maybe'],
    };
    const tools = [{ type: 'function', function: { name: 'reply', parameters } }];
    expect(await decide(start(), question(situation, { tools }))).toEqual({
      mood: expect.stringMatching(/^(calm|warm)$/),
      kind: 'reply',
      score: 3,
      sure: false,
      tags: [],
      inner: { note: expect.stringContaining('Walnut desk') },
      maybe: 0,
    });
  });

  test('writes plain text without tools, or when told not to call one', async () => {
    const app = start();
    for (const more of [{ tools: [] }, { tools: null }, { tool_choice: 'none' }]) {
      const { choices } = await ask(app, question(situation, more));
      expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { tool_calls: null } });
      expect(choices[0].message.content).toContain('Walnut desk');
    }
  });

  test('counts about four characters a token', async () => {
    const messages = [{ role: 'user', content: 'x'.repeat(398) }];
    const { usage, choices } = await ask(start(), { model: 'm', messages });
    const completion = Math.ceil(choices[0].message.content.length / 4);
    expect(usage).toEqual({
      prompt_tokens: 100,
      completion_tokens: completion,
      total_tokens: 100 + completion,
    });
  });
});

test('embeddings have 1024 dimensions, unit length, and put shared words close', async () => {
  const input = ['red leather sofa', 'sofa of red leather', 'gaming laptop', '', '!?'];
  const response = await post(start(), '/v1/embeddings', { model: 'mistral-embed', input });
  const { data, usage, ...rest } = response.json();
  expect(rest).toEqual({ id: expect.any(String), object: 'list', model: 'mistral-embed' });
  expect(usage).toEqual({ prompt_tokens: 13, completion_tokens: 0, total_tokens: 13 });
  const vectors: number[][] = data.map((each: { embedding: number[] }) => each.embedding);
  const dot = (a = 0, b = 0): number =>
    (vectors[a] ?? []).reduce((sum, value, at) => sum + value * (vectors[b]?.[at] ?? 0), 0);
  expect(vectors.map((vector) => vector.length)).toEqual(input.map(() => 1024));
  expect(vectors.map((_, at) => dot(at, at))).toEqual(input.map(() => expect.closeTo(1, 9)));
  expect(dot(0, 1)).toBeGreaterThan(0.7);
  expect(dot(0, 2)).toBeLessThan(0.3);

  const again = await post(start(), '/v1/embeddings', { model: 'mistral-embed', input });
  expect(again.json()).toEqual(response.json());
});

describe('refusals', () => {
  test.each([undefined, 'Basic abc', 'Bearer', 'Bearer '])('401 for the key %s', async (key) => {
    const headers = key === undefined ? {} : { authorization: key };
    const app = start();
    for (const url of ['/v1/chat/completions', '/v1/embeddings']) {
      const response = await app.inject({ method: 'POST', url, payload: {}, headers });
      expect(response.statusCode).toBe(401);
      expect(response.json()).toMatchObject({ object: 'error', message: 'Unauthorized' });
    }
    expect((await app.inject({ url: '/v1/models', headers })).statusCode).toBe(401);
  });

  const user = { role: 'user', content: 'hi' };
  test.each([
    ['no messages', { model: 'm' }, ['body']],
    ['empty messages', { model: 'm', messages: [] }, ['body', 'messages']],
    ['messages no array', { model: 'm', messages: 'hi' }, ['body', 'messages']],
    ['no model', { messages: [user] }, ['body']],
    ['a number as model', { model: 7, messages: [user] }, ['body', 'model']],
    ['a wrong role', { model: 'm', messages: [{ ...user, role: 'boss' }] }, roleAt(0)],
    ['no content', { model: 'm', messages: [user, { role: 'user' }] }, ['body', 'messages', 1]],
    ['streaming', { model: 'm', messages: [user], stream: true }, ['body', 'stream']],
    ['a nameless tool', { model: 'm', messages: [user], tools: [{}] }, ['body', 'tools', 0]],
    ['a bad choice', { model: 'm', messages: [user], tool_choice: 'x' }, ['body', 'tool_choice']],
  ])('422 for %s, naming the place', async (_name, payload, loc) => {
    const response = await post(start(), '/v1/chat/completions', payload);
    expect(response.statusCode).toBe(422);
    const { detail } = response.json().message;
    expect(response.json()).toMatchObject({ object: 'error', type: 'invalid_request_error' });
    expect(detail).toContainEqual({ type: expect.any(String), loc, msg: expect.any(String) });
  });

  test.each([
    ['no input', { model: 'm' }],
    ['an empty list', { model: 'm', input: [] }],
    ['numbers', { model: 'm', input: [1] }],
    ['base64', { model: 'm', input: 'a', encoding_format: 'base64' }],
  ])('422 for embeddings of %s', async (_name, payload) => {
    expect((await post(start(), '/v1/embeddings', payload)).statusCode).toBe(422);
  });

  test('422 for broken JSON, 404 elsewhere', async () => {
    const app = start();
    const headers = { authorization, 'content-type': 'application/json' };
    const url = '/v1/chat/completions';
    const broken = await app.inject({ method: 'POST', url, payload: '{"model"', headers });
    expect(broken.statusCode).toBe(422);
    expect(broken.json().message.detail[0]).toMatchObject({ type: 'json_invalid' });
    const elsewhere = await app.inject({ url: '/v1/nothing', headers });
    expect(elsewhere.statusCode).toBe(404);
    expect(elsewhere.json()).toMatchObject({ object: 'error' });
  });
});

function roleAt(index: number): unknown[] {
  return ['body', 'messages', index, 'role'];
}

describe('control', () => {
  const setFault = (app: FastifyInstance, payload: object): Promise<LightMyRequestResponse> =>
    app.inject({ method: 'PUT', url: '/__fault', payload });
  const status = async (app: FastifyInstance): Promise<number> =>
    (await post(app, '/v1/chat/completions', question(situation))).statusCode;

  test('a fault lasts for so many requests that it concerns, then ends', async () => {
    const app = start();
    const body = { fault: '429', times: 2, delay_ms: 5 };
    expect((await setFault(app, body)).json()).toEqual(body);
    const refused = await post(app, '/v1/embeddings', { model: 'm', input: 'a' });
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect((await app.inject('/__fault')).json()).toEqual({ ...body, times: 1 });
    expect(await status(app)).toBe(429);
    expect(await status(app)).toBe(200);
    expect((await app.inject('/__fault')).json()).toEqual({ ...body, fault: 'none', times: null });
  });

  test('an embeddings fault is not used up by chat', async () => {
    const app = start();
    await setFault(app, { fault: 'wrong_dims', times: 1 });
    expect(await status(app)).toBe(200);
    const { data } = (await post(app, '/v1/embeddings', { model: 'm', input: 'a' })).json();
    expect(data[0].embedding).toHaveLength(512);
  });

  test('a refused request uses up nothing', async () => {
    const app = start();
    await setFault(app, { fault: '500', times: 1 });
    expect((await post(app, '/v1/chat/completions', {})).statusCode).toBe(422);
    expect(await status(app)).toBe(500);
    expect(await status(app)).toBe(200);
  });

  test('a fault given at the start holds for good', async () => {
    const app = start({ fault: '500' });
    expect([await status(app), await status(app)]).toEqual([500, 500]);
  });

  test.each([
    {},
    { fault: 'fire' },
    { fault: 429 },
    { fault: '429', times: 0 },
    { fault: '429', times: '2' },
    { fault: '429', delay_ms: -1 },
    { fault: '429', extra: 1 },
  ])('400 for %j, with what is expected, and no change', async (payload) => {
    const app = start({ fault: 'hostile' });
    const response = await setFault(app, payload);
    expect(response.statusCode).toBe(400);
    for (const fault of faults) expect(response.json().error).toContain(fault);
    expect((await app.inject('/__fault')).json()).toMatchObject({ fault: 'hostile' });
  });

  test('shows what reached the vendor, without the key, up to 1,000 requests', async () => {
    const app = start();
    const read = async (): Promise<any> => (await app.inject('/__requests')).json();
    const headers = { authorization: 'Bearer s3cret', baggage: 'agent=x' };
    const payload = question(situation);
    await app.inject({ method: 'POST', url: '/v1/chat/completions', payload, headers });
    const [seen] = (await read()).requests;
    expect(seen).toMatchObject({ method: 'POST', path: '/v1/chat/completions', body: payload });
    expect(seen.headers).toMatchObject({ authorization: '[redacted]', baggage: 'agent=x' });
    expect(JSON.stringify(await read())).not.toContain('s3cret');

    const embed = (index: number): Promise<LightMyRequestResponse> =>
      post(app, '/v1/embeddings', { model: 'm', input: `${index}` });
    for (let index = 0; index < 1001; index += 1) await embed(index);
    const { requests } = await read();
    expect(requests).toHaveLength(1000);
    expect([requests.at(0), requests.at(-1)].map(({ body }) => body.input)).toEqual(['1', '1000']);

    expect((await app.inject({ method: 'DELETE', url: '/__requests' })).statusCode).toBe(204);
    expect(await read()).toEqual({ aborted: 0, requests: [] });
  });

  test.each(['hanging', 'slow'])('counts a client that leaves, no other (%s)', async (fault) => {
    const app = start({ fault: 'slow', delayMs: 0 });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    expect((await send(url)).status).toBe(200);
    await setFault(app, { fault, delay_ms: 600_000 });
    const read = async (): Promise<any> => (await app.inject('/__requests')).json();
    const leaving = new AbortController();
    const response = send(url, leaving.signal);
    await vi.waitFor(async () => expect((await read()).requests).toHaveLength(2), 30_000);
    expect((await read()).aborted).toBe(0);
    leaving.abort();
    await expect(response).rejects.toThrow('aborted');
    await vi.waitFor(async () => expect((await read()).aborted).toBe(1), 30_000);
  });
});

describe('the process', () => {
  const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
  const run = (env: NodeJS.ProcessEnv): ReturnType<typeof spawn> => {
    const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };

  test.each([
    ['SIGTERM', 'hanging'],
    ['SIGINT', 'slow'],
  ] as const)('exits 0 on %s while an answer is %s', async (signal, fault) => {
    const child = run({ OFFLINE_MODEL_FAULT: fault });
    const [line] = await once(createInterface(child.stdout!), 'line');
    const { url, ...started } = JSON.parse(line);
    expect(started).toEqual({ event: 'server_started', service: 'offline-mistral' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const control: any = await (await fetch(`${url}/__fault`)).json();
    expect(control.fault).toBe(fault);
    await fetch(`${url}/__fault`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ fault, delay_ms: 600_000 }),
    });
    // oxlint-disable-next-line vitest/valid-expect -- awaited below
    const failed = expect(send(url)).rejects.toThrow('fetch failed');
    await vi.waitFor(async () => {
      const seen: any = await (await fetch(`${url}/__requests`)).json();
      expect(seen.requests).toHaveLength(1);
    }, 30_000);
    const exited = once(child, 'exit');
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    await failed;
  });

  test.each([
    ['OFFLINE_MODEL_FAULT', 'fire', 'is "fire"; it must be one of'],
    [
      'OFFLINE_MODEL_PORT',
      '80000',
      'must be a whole number from 0 to 65535 in digits alone, not "80000"',
    ],
    ['OFFLINE_MODEL_PORT', '1.000', 'not "1.000"'],
    ['OFFLINE_MODEL_PORT', '0x50', 'not "0x50"'],
    ['OFFLINE_MODEL_PORT', '8e3', 'not "8e3"'],
    ['OFFLINE_MODEL_PORT', ' ', 'not " "'],
  ])('exits 1 and names %s when it is %j', async (variable, value, words) => {
    const child = run({ [variable]: value });
    const lines = createInterface(child.stderr!);
    const [[line], [code]] = await Promise.all([once(lines, 'line'), once(child, 'exit')]);
    expect(line).toMatch(new RegExp(`^${variable} (is|must be) `));
    expect(line).toContain(words);
    expect(code).toBe(1);
  });
});
