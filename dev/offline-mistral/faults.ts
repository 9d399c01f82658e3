import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { mistralError } from './errors.ts';

const transportFaults = ['slow', 'hanging', '401', '429', '500', 'malformed', 'truncated'] as const;
const chatFaults = [
  'wrong_action',
  'wrong_tool',
  'no_tool',
  'low_price',
  'hostile',
  'leak',
] as const;
const embeddingFaults = [
  'wrong_dims',
  'nan_embedding',
  'shuffled',
  'too_few',
  'other_model',
] as const;

export const faults = ['none', ...transportFaults, ...chatFaults, ...embeddingFaults] as const;
export type Fault = (typeof faults)[number];
export type Endpoint = 'chat' | 'embeddings';

export type FaultState = {
  readonly fault: Fault;
  /** How many more requests the fault hits; null means all that come. */
  readonly times: number | null;
  /** Milliseconds that the fault `slow` waits before it answers. */
  readonly delay_ms: number;
};

const foreignTo: Readonly<Record<Endpoint, readonly string[]>> = {
  chat: embeddingFaults,
  embeddings: chatFaults,
};

export function isFault(value: unknown): value is Fault {
  return faults.some((fault) => fault === value);
}

export type FaultSwitch = {
  read: () => FaultState;
  set: (next: FaultState) => void;
  /** @returns the fault of this request; `times` counts down only on an endpoint that the fault concerns */
  take: (endpoint: Endpoint) => FaultState;
};

export function createFaultSwitch(initial: FaultState): FaultSwitch {
  let state = initial;
  return {
    read: () => state,
    set: (next) => {
      state = next;
    },
    take: (endpoint) => {
      if (foreignTo[endpoint].includes(state.fault)) return { ...state, fault: 'none' };
      const taken = state;
      if (taken.times === 1) state = { ...taken, fault: 'none', times: null };
      else if (taken.times !== null) state = { ...taken, times: taken.times - 1 };
      return taken;
    },
  };
}

/**
 * Sends `body` the way the fault wants it sent; a fault of content has changed the body already.
 * `onAborted` is called when the client leaves before it has its answer.
 */
export async function deliver(
  reply: FastifyReply,
  { fault, delay_ms: delayMs }: FaultState,
  body: unknown,
  onAborted: () => void,
): Promise<unknown> {
  switch (fault) {
    case 'hanging':
      watchAbort(reply, onAborted);
      return reply.hijack();
    case 'slow':
      return await answerLate(reply, body, delayMs, onAborted);
    case '401':
      return reply.code(401).send(mistralError('Unauthorized', 'unauthorized'));
    case '429':
      return reply
        .code(429)
        .header('retry-after', '1')
        .send(mistralError('Requests rate limit exceeded', 'rate_limited', '1300'));
    case '500':
      return reply.code(500).send(mistralError('Service error', 'internal_server_error', '1000'));
    case 'malformed':
      return reply.type('application/json').send(firstHalf(body));
    case 'truncated':
      return cutOff(reply, body);
    default:
      return reply.send(body);
  }
}

async function answerLate(
  reply: FastifyReply,
  body: unknown,
  delayMs: number,
  onAborted: () => void,
): Promise<unknown> {
  const signal = watchAbort(reply, onAborted);
  try {
    await delay(delayMs, undefined, { signal });
  } catch {
    return reply.hijack();
  }
  return reply.send(body);
}

function watchAbort(reply: FastifyReply, onAborted: () => void): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (reply.raw.writableEnded) return;
    onAborted();
    controller.abort();
  });
  return controller.signal;
}

/** Promises the whole body in its headers, then closes the socket after half of it. */
function cutOff(reply: FastifyReply, body: unknown): FastifyReply {
  const length = Buffer.byteLength(JSON.stringify(body));
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
  reply.raw.write(firstHalf(body), () => reply.raw.destroy());
  return reply;
}

function firstHalf(body: unknown): string {
  const text = JSON.stringify(body);
  return text.slice(0, Math.floor(text.length / 2));
}
