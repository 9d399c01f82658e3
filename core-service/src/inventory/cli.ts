/** `node src/inventory/cli.ts COMMAND …`: the seller's inventory from the command line. */
import { runCommand, UsageError } from '../cli.ts';
import { COLUMNS } from './item-row.ts';
import { exportFile, importFile, reindex } from './file-commands.ts';
import { activate, list, policy, quantity, show } from './item-commands.ts';

const USAGE = `usage: inventory import FILE      CSV with a header line, or JSON Lines, - for stdin; all or nothing
       inventory export [FILE]    the same again; FILE.jsonl is JSON Lines, without FILE CSV
       inventory list             every item, one a line
       inventory show ITEM        all that is known of it, the floor too
       inventory deactivate ITEM…    takes items off sale; activate puts them back
       inventory reindex          gives a vector to what has none of today's embedder
       inventory quantity ITEM N|unlimited
       inventory policy ITEM [--rounds N] [--beta X] [--bucket X] [--opening X]
columns: ${COLUMNS.join(', ')}`;

const COMMANDS = {
  import: importFile,
  export: exportFile,
  list,
  show,
  activate,
  deactivate: activate,
  reindex,
  quantity,
  policy,
};

await runCommand(async (ctx) => {
  const [name = '', ...args] = process.argv.slice(2);
  if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(USAGE);
  await COMMANDS[name as keyof typeof COMMANDS](ctx, args, name);
});
