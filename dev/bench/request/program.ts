import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Question, Usage } from './meter.ts';

const METER = import.meta.resolve('./meter.ts');

/** A program says where it listens by a message of IPC, or by the first such line that it writes. */
interface Started {
  readonly event: 'server_started';
  readonly port?: number;
  readonly url?: string;
}

interface Options {
  /** What `node` is given: preloads, then the file. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** One process of the bench, metered from inside. */
export class Program {
  readonly pid: number;
  readonly started: Started;
  /** Milliseconds from the spawn to the moment it listened. */
  readonly startMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, started: Started, startMs: number) {
    this.#child = child;
    this.pid = child.pid as number;
    this.started = started;
    this.startMs = startMs;
  }

  /**
   * Starts a program and waits until it listens. Its environment is `env` and nothing of ours but
   * what Node itself needs.
   *
   * @throws when it ends instead; it has said why on stderr
   */
  static async start(name: string, { args, cwd, env }: Options): Promise<Program> {
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
    const began = performance.now();
    const child = spawn(process.execPath, ['--import', METER, ...args], {
      cwd,
      env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
      // A group of its own: Ctrl-C reaches it only through us.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const started = await whenStarted(name, child);
    return new Program(child, started, performance.now() - began);
  }

  /**
   * Puts a question, one at a time.
   *
   * @returns the meter's answer, or the program's own to a job
   * @throws when the program ends instead
   */
  ask<Answer>(question: Question | { readonly job: object }): Promise<Answer> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (message: object): void => {
        // A service tells that it has started twice, by a line and by a message.
        if (!('answer' in message)) return;
        child.off('message', settle).off('exit', fail);
        resolve(message.answer as Answer);
      };
      const fail = (): void => reject(new Error('a process of the bench has ended'));
      child.on('message', settle).once('exit', fail);
      child.send(question);
    });
  }

  begin(): Promise<void> {
    return this.ask({ ask: 'begin' });
  }

  end(): Promise<Usage> {
    return this.ask({ ask: 'end' });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

function whenStarted(name: string, child: ChildProcess): Promise<Started> {
  return new Promise((resolve, reject) => {
    const log = createInterface({ input: child.stdout as Readable });
    const settle = (started: Started): void => {
      // From here on nobody reads the log, but a pipe that is full would stop the program.
      log.close();
      child.stdout?.resume();
      resolve(started);
    };
    child.once('message', settle);
    log.on('line', (line) => {
      if (!line.startsWith('{')) return;
      const entry = JSON.parse(line) as Started;
      if (entry.event === 'server_started') {
        child.off('message', settle);
        settle(entry);
      }
    });
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
}
