import { afterAll, describe, expect, test } from 'vitest';
import type { Gateway } from './gateway.ts';
import { expectProblem, startGateway } from './gateway.ts';

const SHOP = 'https://shop.example';
const off = await startGateway();
const some = await startGateway({ corsOrigins: [SHOP, 'http://localhost:3000'] });
const all = await startGateway({ corsOrigins: '*' });
afterAll(() => Promise.all([off.close(), some.close(), all.close()]));

function preflight({ app }: Gateway, origin: string, url = '/v1/search') {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,idempotency-key',
  };
  return app.inject({ method: 'OPTIONS', url, headers });
}

const search = ({ post }: Gateway, origin: string) =>
  post('/v1/search', { query: 'a' }, { origin });

describe('without CORS_ORIGINS', () => {
  test('a preflight is a method like any other', async () => {
    const answer = await preflight(off, SHOP);
    expectProblem(answer, 405);
    expect(answer.headers['allow']).toBe('POST');
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('no page may read an answer', async () => {
    const answer = await search(off, SHOP);
    expect(answer.statusCode).toBe(200);
    expect(Object.keys(answer.headers).join()).not.toMatch(/access-control|vary/);
  });
});

describe('with a list', () => {
  test.each([SHOP, 'http://localhost:3000'])('%s may call', async (origin) => {
    const asked = await preflight(some, origin);
    expect([asked.statusCode, asked.body]).toEqual([204, '']);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': expect.stringContaining('idempotency-key'),
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    const answer = await search(some, origin);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers':
        'x-trace-id, x-request-id, retry-after, allow, accept-signature',
      vary: 'Origin',
    });
  });

  test.each([
    'https://evil.example',
    'http://shop.example',
    `${SHOP}:8443`,
    `${SHOP}.evil.example`,
  ])('%s may not', async (origin) => {
    const answers = [await preflight(some, origin), await search(some, origin)];
    for (const { headers } of answers) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers['vary']).toBe('Origin');
    }
  });

  test('a page can read what went wrong too', async () => {
    const { app, post } = some;
    const headers = { origin: SHOP };
    const answers = [
      await post('/v1/search', {}, headers),
      await post('/v1/search', '{', headers),
      await post('/v1/search', 'a', { ...headers, 'content-type': 'text/plain' }),
      await app.inject({ url: '/nowhere', headers }),
      await app.inject({ url: '/v1/search', headers }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 415, 404, 405]);
    for (const answer of answers) {
      expectProblem(answer, answer.statusCode);
      expect(answer.headers['access-control-allow-origin']).toBe(SHOP);
    }
  });

  test.each(['/v1/reservations/%E0%A4%A', '/%zz', `/v1/reservations/${'x'.repeat(5_000)}`])(
    'a page can read what is wrong with the path %.40s',
    async (url) => {
      const asked = await preflight(some, SHOP, url);
      expect(asked.statusCode).toBe(204);
      expect(asked.headers['access-control-allow-origin']).toBe(SHOP);
      const answer = await some.app.inject({ url, headers: { origin: SHOP } });
      expect(expectProblem(answer, 400).instance).toBe(url);
      expect(answer.headers['access-control-allow-origin']).toBe(SHOP);
      expect(answer.headers['access-control-expose-headers']).toContain('x-request-id');
      const other = await some.app.inject({ url, headers: { origin: 'https://evil.example' } });
      expect(other.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  test('an OPTIONS that is no preflight is answered as without CORS', async () => {
    const { app } = some;
    const at = (url: string) => app.inject({ method: 'OPTIONS', url, headers: { origin: SHOP } });
    const answer = await at('/v1/search');
    expectProblem(answer, 405);
    expect(answer.headers['allow']).toBe('POST');
    expectProblem(await at('/nowhere'), 404);
  });

  test('what is not there has no OPTIONS to allow', async () => {
    expectProblem(await some.app.inject('/nowhere'), 404);
    const { headers } = await some.app.inject('/v1/search');
    expect(headers['allow']).toBe('POST');
  });
});

test('with * every page may call, and no cache has to tell them apart', async () => {
  expect((await preflight(all, 'https://any.example')).statusCode).toBe(204);
  const { headers } = await search(all, 'https://any.example');
  expect(headers['access-control-allow-origin']).toBe('*');
  expect(headers).not.toHaveProperty('access-control-allow-credentials');
});
