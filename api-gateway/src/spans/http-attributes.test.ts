import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { requestAttributes } from './http-attributes.ts';

function request(url: string, headers: IncomingMessage['headers'] = {}, method = 'POST') {
  const message = new IncomingMessage(new Socket());
  return Object.assign(message, {
    url,
    method,
    headers: { host: 'aura.example:8000', ...headers },
  });
}

test('a plain request', () => {
  expect(requestAttributes(request('/v1/search', { 'user-agent': 'buyer/1' }))).toMatchObject({
    'http.request.method': 'POST',
    'url.scheme': 'http',
    'url.path': '/v1/search',
    'server.address': 'aura.example',
    'server.port': 8000,
    'user_agent.original': 'buyer/1',
  });
});

test.each([
  ['aura.example', 'aura.example', 80],
  ['127.0.0.1:1', '127.0.0.1', 1],
  ['[::1]:8000', '[::1]', 8000],
  ['[::1]', '[::1]', 80],
])('the host %s', (host, address, port) => {
  const attributes = requestAttributes(request('/', { host }));
  expect([attributes['server.address'], attributes['server.port']]).toEqual([address, port]);
});

test.each([
  [{ 'x-forwarded-for': '1.2.3.4, 5.6.7.8' }, { 'client.address': '1.2.3.4' }],
  [{ 'x-forwarded-for': '1.2.3.4:99' }, { 'client.address': '1.2.3.4' }],
  [{ forwarded: 'for="[2001:db8::1]:99"' }, { 'client.address': '2001:db8::1' }],
  [
    { forwarded: 'host="a.example:99";proto=https' },
    { 'server.address': 'a.example', 'server.port': 99 },
  ],
  [
    { forwarded: 'host=a.example;proto=https' },
    { 'server.address': 'a.example', 'server.port': 443 },
  ],
  [
    { 'x-forwarded-host': 'a.example', 'x-forwarded-proto': 'https' },
    { 'server.address': 'a.example', 'server.port': 443 },
  ],
  [{ forwarded: ';;=' }, { 'server.address': 'aura.example', 'server.port': 8000 }],
])('behind a proxy that says %j', (headers, expected) => {
  expect(requestAttributes(request('/', headers))).toMatchObject(expected);
});

test('of a URL nothing stays that would let others in', () => {
  const code =
    '/v1/reservations/AURA-AAAAAAAA-BBBBBBBB?sig=secret&token=sess_0123456789abcdef0123&a=1';
  const attributes = requestAttributes(request(code, {}, 'GET'));
  expect(attributes).toMatchObject({
    'url.path': '/v1/reservations/REDACTED',
    'url.query': 'sig=REDACTED&token=REDACTED&a=1',
  });
});

test('a method that nobody knows is one label', () => {
  expect(requestAttributes(request('/', {}, 'PROPFIND'))).toMatchObject({
    'http.request.method': '_OTHER',
    'http.request.method_original': 'PROPFIND',
  });
});
