import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const ROOT = join(import.meta.dirname, '../..');
const COMPILED = join(ROOT, 'node_modules/.cache/node');
const WITH_PARENT = join(import.meta.dirname, 'with-parent.ts');

/** The line that a part writes when it listens; which of the other keys it has depends on the part. */
export interface Started {
  readonly event: 'server_started';
  readonly url?: string;
  readonly port?: number;
  readonly query_url?: string;
}

/** One process of the local stack. */
export class Part {
  readonly name: string;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #started: Promise<Started>;

  /**
   * Starts the process, in a group of its own so that Ctrl-C reaches it only through us.
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
      // Node keeps compiled modules there, for the next start. One arena of glibc's saves memory, as in the images.
      env: { NODE_COMPILE_CACHE: COMPILED, MALLOC_ARENA_MAX: '1', ...env },
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.ended = once(this.#child, 'exit').then(() => undefined);
    this.#started = new Promise((resolve, reject) => {
      // A service sends its parent a message; the parts that log nothing else write a line.
      this.#child.on('message', (message) => resolve(message as Started));
      eachLine(this.#child.stdout as Readable, (line) => {
        const entry = parse(line);
        if (entry?.['event'] === 'server_started') resolve(entry as unknown as Started);
        onLine(line);
      });
      void this.ended.then(() => reject(new PartEndedError(name)));
    });
    // Whoever waits for the start sees the rejection; without this line Node would end if nobody does.
    this.#started.catch(() => undefined);
  }

  /** @throws PartEndedError when the process ended instead; it has said why on stderr */
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

/** Calls back for each line. Node's readline would also break at U+2028, which JSON may hold. */
function eachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
