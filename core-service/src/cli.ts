/**
 * `node src/cli.ts COMMAND …`: Aura from a command line, for the people who run it and sell with it.
 * A command that fails says why in a line on stderr and exits with 1.
 */
import './module-formats.ts';

const { runCommand } = await import('./cli/program.ts');

for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
process.exitCode = await runCommand(process.argv.slice(2));

/** The program that read from us has seen enough, as `head` has; what a command writes elsewhere goes on. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
