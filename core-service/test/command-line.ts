/**
 * The seller's command line. A process costs half a second of CPU for each command, most of it to load
 * modules, so that commands run within the process of the test, from the words that were typed to the
 * exit code; what only a process has, such as signals and pipes, is tried on one.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../src/cli/program.ts';

export const CLI: string = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

export interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let isRunning = false;

/**
 * Runs one command within this process.
 *
 * @param env is beside what the process has
 * @throws when another one runs: both would write to one stdout
 */
export async function runInProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Done> {
  if (isRunning) throw new Error('commands of one process run one after the other');
  isRunning = true;
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  const before = { ...process.env };
  const interrupts = process.listeners('SIGINT');
  Object.assign(process.env, env);
  try {
    const code = await runCommand(args);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    stdout.end();
    stderr.end();
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    for (const listener of process.listeners('SIGINT')) {
      if (!interrupts.includes(listener)) process.off('SIGINT', listener);
    }
    isRunning = false;
  }
}

/** Keeps what is written to a stream, until its `end`. */
function capture(stream: NodeJS.WriteStream) {
  const write = stream.write.bind(stream);
  const chunks: Buffer[] = [];
  stream.write = (chunk: string | Uint8Array) => chunks.push(Buffer.from(chunk)) > 0;
  return {
    text: () => Buffer.concat(chunks).toString(),
    end: () => void (stream.write = write),
  };
}

/** Runs one command as a process of its own. */
export function runAsProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Done> {
  return new Promise((resolve) => {
    const all = { ...process.env, ...env };
    execFile(process.execPath, [CLI, ...args], { env: all }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}
