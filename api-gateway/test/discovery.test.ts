/** These tests look at what a program finds that knows nothing but the address. */
import { afterAll, describe, expect, test } from 'vitest';
import { expectProblem, startGateway } from './gateway.ts';

const { app, close } = await startGateway({ mcp: { hosts: undefined } });
const fixed = await startGateway({ mcp: { hosts: [] }, publicUrl: 'https://agents.shop.example' });
const without = await startGateway();
afterAll(() => Promise.all([close(), fixed.close(), without.close()]));

const CATALOG = '/.well-known/ai-catalog.json';
const CARDS = ['/mcp/server-card', '/.well-known/mcp/server-card.json'];

test('the catalog leads to the card, and the card to the server', async () => {
  const host = 'shop.example:8000';
  const catalog = await app.inject({ url: CATALOG, headers: { host } });
  expect(catalog.headers['content-type']).toMatch(/^application\/ai-catalog\+json/);
  const [entry] = catalog.json().entries;
  const type = 'application/mcp-server-card+json';
  expect(entry).toMatchObject({ identifier: 'urn:air:shop.example:aura', type });
  const { origin, pathname } = new URL(entry.url);
  expect(origin).toBe(`http://${host}`);

  const card = await app.inject({ url: pathname, headers: { host, accept: type } });
  expect(card.headers['content-type']).toMatch(type);
  const { name, description, remotes } = card.json();
  expect(name).toBe('example.shop/aura');
  expect(description.length).toBeLessThanOrEqual(100);
  expect(remotes).toEqual([
    {
      type: 'streamable-http',
      url: `http://${host}/mcp`,
      supportedProtocolVersions: expect.arrayContaining(['2026-07-28', '2025-11-25']),
    },
  ]);
});

test.each([...CARDS, CATALOG, '/llms.txt'])('%s may be read by any page, and kept', async (url) => {
  const { statusCode, headers } = await app.inject(url);
  expect([statusCode, headers['access-control-allow-origin']]).toEqual([200, '*']);
  // Whoever keeps it for others must not mix the hosts up.
  expect(headers['cache-control']).toBe('private, max-age=3600');
});

test.each([...CARDS, CATALOG, '/llms.txt'])(
  '%s names PUBLIC_URL where there is one',
  async (url) => {
    const { body, headers } = await fixed.app.inject({ url, headers: { host: 'evil.example' } });
    expect(body).toContain('https://agents.shop.example');
    expect(body).not.toContain('evil.example');
    expect(headers['cache-control']).toBe('public, max-age=3600');
  },
);

test.each(['a b', '<script>', 'a:b:c'])('a Host of %j is refused', async (host) => {
  expectProblem(await app.inject({ url: '/llms.txt', headers: { host } }), 400);
});

describe('/llms.txt', () => {
  test('tells where to call, how to haggle and what is secret', async () => {
    const { body, headers } = await app.inject({ url: '/llms.txt', headers: { host: 'shop' } });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(body).toMatch(/^# Aura\n\n> /);
    for (const path of ['/mcp', '/openapi.json', '/v1/search', '/v1/negotiate']) {
      expect(body).toContain(`http://shop${path}`);
    }
    expect(body).toMatch(/session_token.*proposed_price.*ui_required/s);
  });

  test('says nothing of MCP where there is none, and neither does anything else', async () => {
    const { body } = await without.app.inject('/llms.txt');
    expect(body).not.toContain('/mcp');
    for (const url of [...CARDS, CATALOG]) expectProblem(await without.app.inject(url), 404);
  });
});
