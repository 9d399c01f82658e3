import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { FaultProxy } from './fault-proxy.ts';
import { startFaultProxy } from './fault-proxy.ts';

const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
let proxy: FaultProxy;
let sockets: Socket[];

beforeEach(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startFaultProxy({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await proxy.close();
  echo.close();
});

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}
/** @returns what ends a connection: an error's code, or `end` */
const endOf = async (socket: Socket): Promise<string> =>
  await Promise.race([
    once(socket, 'error').then(([error]) => error.code as string),
    once(socket.resume(), 'end').then(() => 'end'),
  ]);
async function say(socket: Socket, text: string): Promise<string> {
  const heard = once(socket, 'data');
  socket.write(text);
  return String((await heard)[0]);
}

test('lets everything through, ends too', async () => {
  const socket = await open();
  expect(await say(socket, 'hello')).toBe('hello');
  socket.end();
  expect(await endOf(socket)).toBe('end');
});

test('leads new connections to several places in turn, and leaves open ones where they are', async () => {
  const first = await open();
  await say(first, 'where');
  const greeters = ['blue', 'green'].map((word) => createServer((socket) => socket.end(word)));
  for (const each of greeters) await once(each.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => greeters.forEach((each) => each.close()));
  const ports = greeters.map((each) => (each.address() as AddressInfo).port);
  proxy.leadTo(...ports.map((port) => `http://127.0.0.1:${port}`));
  const greetings = [];
  for (let i = 0; i < 4; i++) greetings.push(String((await once(await open(), 'data'))[0]));
  expect(greetings.slice(0, 2).toSorted()).toEqual(['blue', 'green']);
  expect(greetings.slice(2)).toEqual(greetings.slice(0, 2));
  expect(await say(first, 'still here')).toBe('still here');
});

test('refuses', async () => {
  const socket = await open();
  const end = endOf(socket);
  await proxy.set('refuse');
  expect(await end).toBe('end');
  await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.set('none');
  expect(await say(await open(), 'back')).toBe('back');
});

test('resets what is open and what comes', async () => {
  const socket = await open();
  const end = endOf(socket);
  await proxy.set('reset');
  expect(await end).toBe('ECONNRESET');
  // The reset may come while the client connects, or just after.
  const late = open().then(endOf, (error: NodeJS.ErrnoException) => error.code);
  expect(await late).toBe('ECONNRESET');
});

test('swallows, and gives it all back in order', async () => {
  const socket = await open();
  await proxy.set('black_hole');
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  socket.write('one ');
  const late = await open();
  const answer = say(late, 'late');
  await new Promise((resolve) => socket.write('two', resolve));
  expect(heard).toBe('');
  await proxy.set('none');
  expect(await answer).toBe('late');
  await vi.waitFor(() => expect(heard).toBe('one two'), 30_000);
});

test('loses the far end without a word', async () => {
  const socket = await open();
  await say(socket, 'hello');
  await proxy.set('half_open');
  let ended = false;
  void endOf(socket).then(() => (ended = true));
  socket.write('anybody there?');
  expect(await say(await open(), 'a new one')).toBe('a new one');
  expect(ended).toBe(false);
  const closed = once(socket, 'close');
  await proxy.set('none');
  await closed;
});

test('is slow', async () => {
  const socket = await open();
  await proxy.set({ delayMs: 40 });
  const began = performance.now();
  expect(await say(socket, 'hello')).toBe('hello');
  // The delay counts there and back, and a timer may be early by a fraction of a millisecond.
  expect(performance.now() - began).toBeGreaterThan(75);
});
