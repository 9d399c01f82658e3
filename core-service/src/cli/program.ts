/** Reads a command line and runs the command. */
import { Command, CommanderError } from 'commander';
import { addDatabaseCommands } from './db.ts';
import { addDealCommands } from './deals.ts';
import { addInventoryCommands } from './inventory.ts';
import { explain } from './run.ts';

/**
 * Runs what was typed after the program's name; what it says goes to stdout and stderr.
 *
 * @returns the exit code
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has written what was typed wrong, and any help, already.
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  }
}

function createProgram(): Command {
  const program = new Command()
    .description('Aura from the command line')
    .exitOverride()
    .configureHelp({ commandUsage: usageOf })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) });
  addInventoryCommands(program);
  addDealCommands(program);
  addDatabaseCommands(program);
  sayUsageAfterErrors(program);
  return program;
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
