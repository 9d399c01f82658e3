/**
 * Callers that send a byte now and then and never come to an end, half of them in the headers, half in
 * the body. They run in a process of their own.
 */
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface SlowJob {
  readonly url: string;
  readonly sockets: number;
  readonly seconds: number;
}

export interface SlowAnswer {
  /** Sockets that were connected. */
  readonly connected: number;
  /** Sockets that the gateway had closed by the end. */
  readonly closed: number;
  /** Milliseconds after which it closed them, at the earliest and at the latest; null for none. */
  readonly closedMs: readonly [number, number] | null;
}

/** Milliseconds between two bytes. */
const TRICKLE_MS = 500;
const HEAD = 'POST /v1/negotiate HTTP/1.1\r\nhost: slow\r\ncontent-type: application/json\r\n';

async function trickle({ url, sockets, seconds }: SlowJob): Promise<SlowAnswer> {
  const end = performance.now() + seconds * 1_000;
  const slow = Array.from({ length: sockets }, (_, i) => trickleOne(url, i % 2 === 0, end));
  const ended = await Promise.all(slow);
  const lives = ended.flatMap(({ lifeMs }) => lifeMs ?? []).toSorted((a, b) => a - b);
  const [first] = lives;
  const last = lives.at(-1);
  return {
    connected: ended.filter(({ isConnected }) => isConnected).length,
    closed: lives.length,
    closedMs: first === undefined || last === undefined ? null : [first, last],
  };
}

interface Life {
  readonly isConnected: boolean;
  /** Undefined for a socket that was still open at the end. */
  readonly lifeMs?: number;
}

async function trickleOne(url: string, inHeaders: boolean, end: number): Promise<Life> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  const socket = connect(Number(port), hostname)
    .on('error', () => undefined)
    .resume();
  const closed = new Promise<number>((resolve) =>
    socket.once('close', () => resolve(performance.now() - began)),
  );
  const connected = new Promise((resolve) => socket.once('connect', resolve));
  await Promise.race([connected, closed]);
  const isConnected = !socket.destroyed;
  socket.write(inHeaders ? HEAD : `${HEAD}content-length: 200\r\n\r\n{"item_id":"`);
  while (!socket.destroyed && performance.now() < end) {
    await wait(TRICKLE_MS);
    socket.write(inHeaders ? 'x' : ' ');
  }
  const isOpen = !socket.destroyed;
  socket.destroy();
  const lifeMs = await closed;
  return isOpen ? { isConnected } : { isConnected, lifeMs };
}

process.on('message', ({ job }: { readonly job?: SlowJob }) => {
  if (!job) return;
  void trickle(job).then((answer) => process.send?.({ answer }));
});
// Without it nothing would keep the process alive between two jobs.
process.channel?.ref();
process.send?.({ event: 'server_started' });
