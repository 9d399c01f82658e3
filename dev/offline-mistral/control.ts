import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FaultSwitch } from './faults.ts';
import { faults } from './faults.ts';
import type { FaultRequest } from './requests.ts';
import { faultRequestSchema } from './requests.ts';

const longestLog = 1000;

type SeenRequest = Readonly<Record<'method' | 'path' | 'headers' | 'body', unknown>>;

/** The requests that reached the "vendor": by them tests prove what is sent, and what was cancelled. */
export type RequestLog = {
  add: (request: FastifyRequest) => void;
  countAborted: () => void;
  read: () => { readonly aborted: number; readonly requests: readonly SeenRequest[] };
  clear: () => void;
};

export function createRequestLog(): RequestLog {
  let requests: SeenRequest[] = [];
  let aborted = 0;
  return {
    add: ({ method, url, headers, body }) => {
      const redacted = 'authorization' in headers ? { authorization: '[redacted]' } : {};
      requests.push({ method, path: url, headers: { ...headers, ...redacted }, body });
      requests = requests.slice(-longestLog);
    },
    countAborted: () => {
      aborted += 1;
    },
    read: () => ({ aborted, requests }),
    clear: () => {
      requests = [];
      aborted = 0;
    },
  };
}

/** Adds the switches for tests and developers, which the vendor's API does not have. */
export function addControlRoutes(
  app: FastifyInstance,
  faultSwitch: FaultSwitch,
  log: RequestLog,
): void {
  app.get('/__fault', () => faultSwitch.read());
  app.put<{ Body: FaultRequest }>('/__fault', {
    schema: { body: faultRequestSchema },
    handler: ({ body }) => {
      faultSwitch.set({
        fault: body.fault,
        times: body.times ?? null,
        delay_ms: body.delay_ms ?? faultSwitch.read().delay_ms,
      });
      return faultSwitch.read();
    },
    errorHandler: (error, _request, reply) => {
      const expected = `{"fault": one of ${faults.join(', ')}; "times"?: 1 or more; "delay_ms"?}`;
      return reply.code(400).send({ error: `${error.message}. Expected ${expected}` });
    },
  });
  app.get('/__requests', () => log.read());
  app.delete('/__requests', (_request, reply) => {
    log.clear();
    return reply.code(204).send();
  });
}
