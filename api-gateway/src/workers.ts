/** Several processes behind one port: the lead starts and watches them, and does nothing else. */
import type { Worker } from 'node:cluster';
import cluster from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from './logger.ts';

/** Milliseconds before a worker that died is replaced; each death soon after another doubles them. */
const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** A worker that lived so many milliseconds did not die of its start. */
const SETTLED_MS = 60_000;
/** Milliseconds beyond the drain after which a worker that hangs is killed. */
const KILL_MS = 5_000;

export interface LeadOptions {
  /** The number of workers, from 2 on. */
  readonly count: number;
  readonly logger: Logger;
  readonly shutdownGraceMs: number;
}

export interface Lead {
  readonly port: number;
  /** Drains all workers. @returns false when one did not end well */
  close(): Promise<boolean>;
}

/** Tells whether this process only leads, and so has nothing to trace or to measure itself. */
export function isLead(workers: string | undefined): boolean {
  return cluster.isPrimary && Number(workers ?? 1) > 1;
}

/**
 * Starts the workers, the first one alone, so that whatever keeps it from starting is told once. A
 * worker that dies later is replaced, after a while that grows when they go on dying.
 *
 * @throws when one ends before it listens; it has said why on stderr
 */
export async function leadWorkers(options: LeadOptions): Promise<Lead> {
  const { count, logger, shutdownGraceMs } = options;
  const ending = new AbortController();
  let isUp = false;
  const start = async (): Promise<number> => {
    const worker = cluster.fork();
    let listens = false;
    worker.once('exit', (code, signal) => {
      // Before all are up, a worker that ends without ever listening means that the service cannot start.
      if (listens || isUp) replace({ worker: worker.id, code, signal });
    });
    const port = await listening(worker);
    listens = true;
    return port;
  };
  const replace = createReplacer(logger, () => void start().catch(() => undefined), ending.signal);
  const close = (): Promise<boolean> => {
    ending.abort();
    return drain(shutdownGraceMs);
  };
  try {
    const port = await start();
    await Promise.all(Array.from({ length: count - 1 }, start));
    isUp = true;
    return { port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Death {
  readonly worker: number;
  readonly code: number | null;
  readonly signal: string | null;
}

/** @returns what is to be called when a worker died */
function createReplacer(
  logger: Logger,
  start: () => void,
  ending: AbortSignal,
): (death: Death) => void {
  let backoffMs = FIRST_BACKOFF_MS;
  let diedAt = -Infinity;
  return (death) => {
    if (ending.aborted) return;
    const isInRow = performance.now() - diedAt < SETTLED_MS;
    backoffMs = isInRow ? Math.min(backoffMs * 2, LONGEST_BACKOFF_MS) : FIRST_BACKOFF_MS;
    diedAt = performance.now();
    logger.error({ ...death, restart_in_ms: backoffMs }, 'worker_died');
    setTimeout(() => {
      if (!ending.aborted) start();
    }, backoffMs);
  };
}

/** Waits until a worker listens. @returns the port */
function listening(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: { readonly event?: string; readonly port?: number }) => {
      if (message.event === 'server_started') resolve(message.port ?? 0);
    });
    worker.once('exit', () => reject(new Error('a worker ended before it listened')));
  });
}

async function drain(graceMs: number): Promise<boolean> {
  const workers = Object.values(cluster.workers ?? {}).filter((each) => each !== undefined);
  const codes = workers.map(async (worker) => {
    const ended = once(worker.process, 'exit');
    worker.process.kill('SIGTERM');
    const kill = setTimeout(() => worker.process.kill('SIGKILL'), graceMs + KILL_MS);
    const [code] = (await ended) as [number | null];
    clearTimeout(kill);
    return code;
  });
  return (await Promise.all(codes)).every((code) => code === 0);
}
