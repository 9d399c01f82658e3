/** `inventory …`: what is for sale, file by file and item by item. */
import type { Command } from 'commander';
import { COLUMN_NAMES } from '../inventory/columns.ts';
import type { ImportOptions } from './inventory-files.ts';
import { exportFile, importFile } from './inventory-files.ts';
import { activate, list, quantity, show } from './inventory-items.ts';
import { policy } from './inventory-policy.ts';
import { DEFAULT_BUYERS, DEFAULT_SEED, simulateItem } from './inventory-simulate.ts';
import { reindex } from './inventory-vectors.ts';
import type { PolicyOptions } from './policy-options.ts';
import { addPolicyOptions } from './policy-options.ts';
import { onDatabase } from './run.ts';
import { cleanText } from '../typed-text.ts';

export function addInventoryCommands(program: Command): void {
  const inventory = program.command('inventory').description('what is for sale');
  inventory
    .command('import')
    .description('adds and updates items: CSV with a header line, or JSON; all or nothing')
    .argument('<FILE>', '- for stdin')
    .option('--encoding <NAME>', 'of a file that is not in Unicode, such as windows-1252')
    .addHelpText('after', `\nColumns: ${COLUMN_NAMES.join(', ')}`)
    .action((file: string, options: ImportOptions) =>
      onDatabase((ctx) => importFile(ctx, file, options)),
    );
  inventory
    .command('export')
    .description('writes every item as a file that can be imported again')
    .argument('[FILE]', 'FILE.jsonl becomes JSON Lines, any other CSV; stdout without it')
    .action((file?: string) => onDatabase((ctx) => exportFile(ctx, file)));
  inventory
    .command('list')
    .description('tells every item, one a line')
    .action(() => onDatabase(list));
  inventory
    .command('show')
    .description('tells all that is known of an item, the floor too')
    .argument('<ITEM>')
    .action((itemId: string) => onDatabase((ctx) => show(ctx, itemId)));
  inventory
    .command('activate')
    .description('puts items on sale')
    .argument('<ITEM...>')
    .action((ids: string[]) => onDatabase((ctx) => activate(ctx, ids, true)));
  inventory
    .command('deactivate')
    .description('takes items off sale')
    .argument('<ITEM...>')
    .action((ids: string[]) => onDatabase((ctx) => activate(ctx, ids, false)));
  inventory
    .command('reindex')
    .description("gives a vector to what has none of today's embedder; asks before it replaces any")
    .option('--yes', 'replaces the vectors of another model without a question')
    .action(({ yes = false }: { readonly yes?: boolean }) =>
      onDatabase((ctx) => reindex(ctx, yes)),
    );
  inventory
    .command('quantity')
    .description('sets how many of an item may be reserved at a time')
    .argument('<ITEM>')
    .argument('<N|unlimited>')
    .action((itemId: string, count: string) => onDatabase((ctx) => quantity(ctx, itemId, count)));
  addPolicyOptions(
    inventory
      .command('policy')
      .description('tells how an item haggles, and changes that')
      .argument('<ITEM>', '', cleanText),
  ).action((itemId: string, options: PolicyOptions) =>
    onDatabase((ctx) => policy(ctx, itemId, options)),
  );
  addPolicyOptions(
    inventory
      .command('simulate')
      .description(
        'tells what an item earns with simulated buyers, and what other terms would earn',
      )
      .argument('<ITEM>', '', cleanText)
      .option('--buyers <N>', 'how many of each kind, up to 10000', DEFAULT_BUYERS)
      .option('--seed <N>', 'the same seed gives the same buyers', DEFAULT_SEED),
  ).action((itemId: string, options: PolicyOptions) =>
    onDatabase((ctx) => simulateItem(ctx, itemId, options)),
  );
}
