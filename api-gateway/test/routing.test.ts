import { afterAll, describe, expect, test } from 'vitest';
import { expectProblem, startGateway } from './gateway.ts';

const { app, logLines, close } = await startGateway();
afterAll(close);

test.each([
  '/',
  '/nowhere',
  '/v1',
  '/v1/search/',
  '/V1/SEARCH',
  '/v1//search',
  '/%00',
  '/docs/js/x',
])('404 for %s', async (url) => {
  const problem = expectProblem(await app.inject(url), 404);
  expect(problem.instance).toBe(url);
});

test.each([
  ['text/plain', 'a'],
  ['application/json', '{'],
  ['application/x-www-form-urlencoded', 'a=b'],
])('404 and 405 come before what is wrong with a body of %s', async (type, payload) => {
  const send = (url: string) =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
  expectProblem(await send('/nowhere'), 404);
  expectProblem(await send('/healthz'), 405);
});

test('the query string is no part of the instance', async () => {
  const problem = expectProblem(await app.inject('/nowhere?token=sess_secret'), 404);
  expect(problem).toMatchObject({ instance: '/nowhere' });
  expect(JSON.stringify(problem)).not.toContain('sess_secret');
});

describe('405 with Allow', () => {
  test.each([
    ['GET', '/v1/search', 'POST'],
    ['DELETE', '/v1/search', 'POST'],
    ['OPTIONS', '/v1/search', 'POST'],
    ['PUT', '/v1/negotiate', 'POST'],
    ['PATCH', '/v1/negotiate?a=b', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['OPTIONS', '/healthz', 'GET, HEAD'],
    ['DELETE', '/openapi.json', 'GET, HEAD'],
  ] as const)('%s %s', async (method, url, allow) => {
    const answer = await app.inject({ method, url });
    expectProblem(answer, 405);
    expect(answer.headers['allow']).toBe(allow);
  });
});

describe('HEAD', () => {
  test.each([
    ['/healthz', 200],
    ['/openapi.json', 200],
    ['/v1/search', 405],
    ['/nowhere', 404],
  ])('%s → %i without a body', async (url, status) => {
    const head = await app.inject({ method: 'HEAD', url });
    const get = await app.inject(url);
    expect(head.statusCode).toBe(status);
    expect(head.body).toBe('');
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
  });
});

test.each(['/%zz', '/v1/%zz', '/%E0%A4%A', '/v1/reservations/%E0%A4%A?a=%zz', '/a%2'])(
  '400 for the URL %s, and a line in the log',
  async (url) => {
    const answer = await app.inject({ url, headers: { 'x-request-id': `order-${url.length}` } });
    const problem = expectProblem(answer, 400);
    expect(problem).toMatchObject({
      type: 'urn:aura:problem:bad-url',
      instance: url.split('?')[0],
    });
    expect(problem.detail).toContain('%25');
    expect(answer.headers['x-request-id']).toBe(`order-${url.length}`);
    const request_id = `order-${url.length}`;
    const line = { event: 'request_completed', request_id, status_code: 400 };
    expect(logLines()).toContainEqual(expect.objectContaining(line));
  },
);

test('a bad query is no bad path', async () => {
  expectProblem(await app.inject('/nowhere?a=%zz'), 404);
  expect((await app.inject('/healthz?a=%zz')).statusCode).toBe(200);
});
