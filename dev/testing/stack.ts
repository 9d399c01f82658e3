import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

type Line = Readonly<Record<string, unknown>>;

/** A local stack, run as `pnpm start` does, on free ports. */
export interface Stack {
  readonly url: string;
  /** All that the stack wrote so far. */
  output(): string;
  /** The log lines of both services so far. */
  lines(): Line[];
  /** Waits for the first line that fits, which may be one that is yet to come. */
  line(fits: (line: Line) => boolean): Promise<Line>;
  /** Sends the signal, SIGINT by default. @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const DEFAULTS = {
  HTTP_PORT: '0',
  GRPC_PORT: '0',
  OTEL_METRICS_EXPORTER: 'none',
  // However slow the machine is, nothing is refused that a test does not mean to be.
  MAX_QUEUE_DELAY_MS: '600000',
};

export function spawnStack(env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess {
  const { PATH, HOME, NODE_COMPILE_CACHE, NODE_OPTIONS } = process.env;
  return spawn(process.execPath, [join(import.meta.dirname, '../local-stack/start.ts'), ...args], {
    env: {
      PATH,
      HOME,
      NODE_COMPILE_CACHE,
      NODE_OPTIONS,
      ...DEFAULTS,
      OTEL_TRACES_EXPORTER: 'none',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts the local stack and waits until it says where it answers. */
export async function startStack(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Stack> {
  const child = spawnStack(env, ...args);
  let text = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const look of waiting) look();
    });
  }
  const exited = once(child, 'exit') as Promise<[number | null]>;

  /** Waits until `find` finds something; it looks again whenever the stack has written something. */
  function until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      void exited.then(() => reject(new Error(`the stack ended: ${text}`)));
      look();
    });
  }
  const lines = (): Line[] =>
    text
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);

  const url = await until(() => /Aura answers at (\S+)/.exec(text)?.[1]);
  return {
    url,
    output: () => text,
    lines,
    line: (fits) => until(() => lines().find(fits)),
    stop: async (signal = 'SIGINT') => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}
