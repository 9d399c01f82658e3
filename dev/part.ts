import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const WITH_PARENT = join(import.meta.dirname, 'with-parent.ts');

/** The line a part writes when it listens; what else it has depends on the part. */
export interface Started {
  readonly event: 'server_started';
  readonly url?: string;
  readonly port?: number;
  readonly query_url?: string;
}

/** A process of the local stack. */
export class Part {
  readonly name: string;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #started: Promise<Started>;

  /**
   * Starts it, in a process group of its own so that Ctrl-C does not reach it past us.
   *
   * @param onLine gets each line of its log
   */
  constructor(
    name: string,
    folder: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    onLine: (line: string) => void,
  ) {
    this.name = name;
    this.#child = spawn(process.execPath, ['--import', WITH_PARENT, ...args], {
      cwd: join(ROOT, folder),
      env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.ended = once(this.#child, 'exit').then(() => undefined);
    this.#started = new Promise((resolve, reject) => {
      createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const entry = parse(line);
        if (entry?.['event'] === 'server_started') resolve(entry as unknown as Started);
        onLine(line);
      });
      void this.ended.then(() => reject(new PartEndedError(name)));
    });
    // Whoever waits for the start sees the rejection; nobody has to.
    this.#started.catch(() => undefined);
  }

  /** @throws PartEndedError when it ended instead; it has said why on stderr */
  started(): Promise<Started> {
    return this.#started;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM');
    }
    await this.ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

export class PartEndedError extends Error {
  constructor(name: string) {
    super(`${name} ended`);
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
