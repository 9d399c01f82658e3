/** Runs a service as production does: as a process in its own folder, configured by the environment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { ServiceFolder } from './service-args.ts';
import { serviceArgs } from './service-args.ts';

const ROOT = join(import.meta.dirname, '../..');
const DEFAULTS = {
  OTEL_METRICS_EXPORTER: 'none',
  // However slow the machine is, nothing is refused that a test or a bench does not mean to be.
  MAX_QUEUE_DELAY_MS: '600000',
};

type Line = Readonly<Record<string, unknown>>;

export interface Service {
  readonly pid: number;
  readonly port: number;
  /** The lines of its log so far. */
  readonly lines: readonly Line[];
  /** Sends SIGTERM. @returns the exit code, or null when a signal ended the process */
  stop(): Promise<number | null>;
  kill(): void;
}

/**
 * Starts a service and waits until it listens.
 *
 * @param options.preload what `node --import` takes
 * @param options.root the checkout whose service it is, this one without it
 * @param options.quiet keeps no line after that, so that reading the log costs next to nothing
 * @throws when the service ends instead; it has said why on stderr
 */
export async function startService(
  folder: ServiceFolder,
  env: NodeJS.ProcessEnv,
  {
    preload,
    quiet = false,
    root = ROOT,
  }: { preload?: string; quiet?: boolean; root?: string } = {},
): Promise<Service> {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, serviceArgs(folder, { preload, root }), {
    cwd: join(root, folder),
    env: { ...DEFAULTS, PATH, HOME, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  // `close` comes after the streams have ended, so the log is whole then.
  const closed = once(child, 'close') as Promise<[number | null]>;
  void closed.then(() => process.off('exit', kill));

  const lines: Line[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    const log = createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      if (line['event'] !== 'server_started') return;
      resolve(line['port'] as number);
      if (quiet) log.close();
    });
    // A pipe that nobody reads would stop the service.
    log.once('close', () => child.stdout.resume());
    void closed.then(([code]) => reject(new Error(`${folder} ended with ${code}`)));
  });
  return {
    pid: child.pid as number,
    port,
    lines,
    stop: async () => {
      if (child.exitCode === null) child.kill('SIGTERM');
      const [code] = await closed;
      return code;
    },
    kill,
  };
}
