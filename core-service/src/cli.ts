/**
 * `node src/cli.ts COMMAND …`: Aura from a command line, for the people who run it and sell with it.
 * A command that fails says why in a line on stderr and exits with 1.
 */
import './module-formats.ts';

await import('./cli/program.ts');
