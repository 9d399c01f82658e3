import { Compile } from 'typebox/schema';
import { afterAll, describe, expect, test } from 'vitest';
import { version } from '../src/version.ts';
import { startGateway } from './gateway.ts';

const { app, post, close } = await startGateway();
afterAll(close);

interface Content {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Record<string, { readonly value: unknown }>;
}
interface Response {
  readonly description: string;
  readonly content: Record<string, Content>;
}
interface Operation {
  readonly summary: string;
  readonly requestBody?: { readonly content: Record<string, Content> };
  readonly responses: Record<string, Response>;
}

const document: any = (await app.inject('/openapi.json')).json();
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

/** Returns the document's schema with its references resolved. */
function resolve(node: unknown): any {
  if (Array.isArray(node)) return node.map(resolve);
  if (typeof node !== 'object' || node === null) return node;
  if ('$ref' in node && typeof node.$ref === 'string') {
    const keys = node.$ref.replace(/^#\//, '').split('/');
    const target = keys.reduce((at: any, key) => at?.[key], document);
    if (target === undefined) throw new Error(`${node.$ref} leads nowhere`);
    return resolve(target);
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]));
}

function expectValid(schema: object, value: unknown): void {
  const [, errors] = Compile(resolve(schema)).Errors(value);
  expect(errors).toEqual([]);
}

test('is OpenAPI 3.1 and tells of every route', () => {
  expect(document.openapi).toMatch(/^3\.1\.\d+$/);
  expect(document.info).toMatchObject({ title: 'Aura', version });
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'get /.well-known/jwks.json',
    'get /health',
    'get /healthz',
    'get /readyz',
    'get /v1/reservations/{code}',
    'post /v1/negotiate',
    'post /v1/reservations/{code}/release',
    'post /v1/search',
  ]);
});

test('is whole: each reference leads somewhere', () => {
  expect(JSON.stringify(document)).toContain('#/components/schemas/Problem');
  expect(JSON.stringify(resolve(document))).not.toContain('$ref');
});

describe.each(operations)('$method $path', ({ summary, requestBody, responses }) => {
  test('is described', () => {
    expect(summary).toMatch(/\w/);
    for (const { description } of Object.values(responses)) {
      expect(description).toMatch(/\w/);
      expect(description).not.toBe('Default Response');
    }
  });

  test('has an example of each body, and it fits its schema', () => {
    const bodies = [requestBody?.content, responses['200']?.content].filter(
      (it) => it !== undefined,
    );
    for (const { 'application/json': body } of bodies) {
      expect(Object.keys(body?.example ?? {})).not.toEqual([]);
      expectValid(body!.schema, body!.example);
    }
  });
});

describe.each(['/v1/search', '/v1/negotiate'])('%s', (path) => {
  const { requestBody, responses } = operations.find((operation) => operation.path === path)!;

  test('answers its own example as it says', async () => {
    const answer = await post(path, requestBody!.content['application/json']!.example as object);
    expect(answer.statusCode).toBe(200);
    expectValid(responses['200']!.content['application/json']!.schema, answer.json());
  });

  test('has problems for answers but the good one', async () => {
    const { 200: _good, ...bad } = responses;
    expect(Object.keys(bad)).toEqual(expect.arrayContaining(['400', '409', '422', '503', '504']));
    for (const { content } of Object.values(bad)) {
      expect(Object.keys(content)).toEqual(['application/problem+json']);
    }
    const { schema } = responses['400']!.content['application/problem+json']!;
    expectValid(schema, (await post(path, {})).json());
  });
});

test('a pattern means the same in other languages', () => {
  // `[^]` is a set of everything in JavaScript alone.
  expect(JSON.stringify(document)).not.toContain('[^]');
});

describe('/docs', () => {
  test('leads to the page', async () => {
    const answer = await app.inject('/docs');
    expect([answer.statusCode, answer.headers['location']]).toEqual([301, '/docs/']);
  });

  test('is a page that loads everything from here', async () => {
    const page = await app.inject('/docs/');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.body).toContain('"url": "/openapi.json"');
    expect(page.body).toContain('"withDefaultFonts": false');
    expect(page.body).toContain('"telemetry": false');
    expect(page.body).not.toMatch(/(https?:)?\/\/[a-z]/i);
    const [, source = ''] = /<script src="([^"]+)"/.exec(page.body) ?? [];
    const script = await app.inject(new URL(source, 'http://gateway/docs/').pathname);
    expect(script.statusCode).toBe(200);
    expect(script.headers['content-type']).toMatch(/javascript/);
  });
});
