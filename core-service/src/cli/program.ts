/** Reads the command line and runs the command. */
import { Command, CommanderError } from 'commander';
import { addDatabaseCommands } from './db.ts';
import { addDealCommands } from './deals.ts';
import { addInventoryCommands } from './inventory.ts';
import { explain } from './run.ts';

const program = new Command()
  .description('Aura from the command line')
  .exitOverride()
  .configureHelp({ commandUsage: usageOf })
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) });
addInventoryCommands(program);
addDealCommands(program);
addDatabaseCommands(program);
sayUsageAfterErrors(program);

for (const stream of [process.stdout, process.stderr]) stream.on('error', endQuietly);
try {
  await program.parseAsync();
} catch (error) {
  // Commander has written what was typed wrong, and any help, already.
  if (!(error instanceof CommanderError)) process.stderr.write(`${explain(error)}\n`);
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
}

/** The program that read from us has seen enough, as `head` has; what a command writes elsewhere goes on. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** `inventory import FILE`, whichever way the program was started. */
function usageOf(command: Command): string {
  const names: string[] = [];
  for (let each: Command | null = command; each?.parent; each = each.parent) {
    names.unshift(each.name());
  }
  return [...names, command.usage()].join(' ');
}

function sayUsageAfterErrors(command: Command): void {
  command.showHelpAfterError(`usage: ${usageOf(command)}`);
  for (const each of command.commands) sayUsageAfterErrors(each);
}
