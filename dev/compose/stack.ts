/** Runs the stack of compose.yml under a project name of its own, on free ports. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePortPair } from '../testing/free-ports.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLL_MS = 200;

export interface Ran {
  readonly code: number;
  readonly output: string;
}

export interface Stack {
  readonly gateway: string;
  readonly jaeger: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs `docker compose …` and waits for its end, whatever its exit code. */
  compose(...args: string[]): Promise<Ran>;
  /** Runs `docker compose …`, which must end with 0. @returns its output */
  run(...args: string[]): Promise<string>;
  /** @returns the ids of a service's containers, ended ones included */
  containers(service: string): Promise<string[]>;
  /** Ends a container's first process as the kernel does when memory runs out. */
  kill9(container: string): Promise<void>;
  sql(statement: string): Promise<string>;
  /** Runs lines in a shell, in a folder where compose.yml is not; each has to end with 0. */
  shell(folder: string, lines: string): Promise<Ran>;
}

/** @param more variables of `docker compose` beside those that each stack here has */
export async function describeStack(more: NodeJS.ProcessEnv = {}): Promise<Stack> {
  const [http, jaegerUi] = [await freePortPair(), await freePortPair()];
  const otlp = await freePortPair();
  const env = {
    ...process.env,
    COMPOSE_PROJECT_NAME: `aura-check-${process.pid}`,
    HTTP_PORT: String(http),
    JAEGER_UI_PORT: String(jaegerUi),
    OTLP_GRPC_PORT: String(otlp),
    OTLP_HTTP_PORT: String(otlp + 1),
    // All the load comes from one agent, whose share of the model's tokens must not run out.
    MODEL_TOKENS_PER_AGENT_MINUTE: '1000000000',
    MODEL_TOKENS_PER_AGENT_DAY: '1000000000',
    // The load takes all that it can get, and each answer is to be looked at.
    MAX_QUEUE_DELAY_MS: '600000',
    // Whatever stands in a .env file here, the stack is the one that a stranger gets.
    COMPOSE_DISABLE_ENV_FILE: '1',
    ...more,
  };
  const compose = (...args: string[]): Promise<Ran> => execute(['compose', ...args], env);
  const run = async (...args: string[]): Promise<string> => {
    const { code, output } = await compose(...args);
    if (code !== 0) throw new Error(`docker compose ${args.join(' ')}: ${code}\n${output}`);
    return output;
  };
  const containers = async (service: string): Promise<string[]> =>
    (await run('ps', '--all', '--quiet', service)).split('\n').filter(Boolean);
  return {
    gateway: `http://127.0.0.1:${http}`,
    jaeger: `http://127.0.0.1:${jaegerUi}`,
    env,
    compose,
    run,
    containers,
    kill9: async (container) => {
      process.kill(await inspect<number>(container, '.State.Pid'), 'SIGKILL');
    },
    sql: async (statement) =>
      (await run('exec', '-T', 'db', 'psql', '-U', 'aura', '-tAc', statement)).trim(),
    shell: (folder, lines) => {
      const there = { ...env, COMPOSE_FILE: join(ROOT, 'compose.yml') };
      return execute(['-ec', lines], there, { command: 'sh', cwd: folder });
    },
  };
}

/** @returns what `docker inspect` knows under a path like `.State.Pid` */
export async function inspect<Value>(container: string, path: string): Promise<Value> {
  const format = `{{json ${path}}}`;
  const { output } = await execute(['inspect', '--format', format, container], process.env);
  return JSON.parse(output) as Value;
}

export async function docker(...args: string[]): Promise<Ran> {
  return execute(args, process.env);
}

function execute(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { command = 'docker', cwd = ROOT } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd, env, maxBuffer: 256 * 1024 * 1024 };
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error ? Number(error.code ?? 1) : 0;
      resolve({ code, output: code === 0 ? stdout : stdout + stderr });
    });
  });
}

/** Polls until the condition holds. @returns how long that took, in milliseconds */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  patienceMs = 60_000,
): Promise<number> {
  const began = Date.now();
  while (!(await holds())) {
    if (Date.now() - began > patienceMs) throw new Error(`never came: ${what}`);
    await wait(POLL_MS);
  }
  return Date.now() - began;
}

/** @returns true when the gateway says that requests can be answered */
export async function isReady({ gateway }: Stack): Promise<boolean> {
  try {
    const { ok } = await fetch(`${gateway}/readyz`, { signal: AbortSignal.timeout(3_000) });
    return ok;
  } catch {
    return false;
  }
}
