/** `node src/reservations/cli.ts list | approve | decline | confirm | release`: the seller's deals. */
import { parseArgs } from 'node:util';
import type { SellerContext } from '../cli.ts';
import { runCommand, say, UsageError } from '../cli.ts';
import { formatMoney } from '../money.ts';
import { approve, decline } from './approve.ts';
import { confirm } from './confirm.ts';
import { findForSeller } from './find.ts';
import { release } from './release.ts';
import type { Deal } from './repository.ts';
import { listDeals } from './repository.ts';

const STATUSES = ['pending', 'declined', 'held', 'confirmed', 'released', 'expired'] as const;
const USAGE = `usage: deals list [--status ${STATUSES.join('|')}] [--limit N]
       deals approve|decline DEAL        a bid that waits for a person
       deals confirm|release DEAL|CODE   a reservation`;

const ACTIONS: Readonly<Record<string, (ctx: SellerContext, deal: string) => Promise<unknown>>> = {
  approve,
  decline,
  confirm,
  release: (ctx, deal) => release(ctx, deal, 'seller'),
};

await runCommand(async (ctx) => {
  const { command, deal, filter } = readCommand(process.argv.slice(2));
  const act = ACTIONS[command];
  if (act && deal !== undefined) {
    await act(ctx, deal);
    print([await findForSeller(ctx, deal)]);
  } else if (command === 'list' && deal === undefined) {
    const deals = await listDeals(ctx.db, filter);
    if (deals.length > 0) print(deals);
    else say('There are none.');
  } else {
    throw new UsageError(USAGE);
  }
});

function readCommand(args: string[]) {
  const options = { status: { type: 'string' }, limit: { type: 'string', default: '50' } } as const;
  let parsed;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
  const { positionals, values } = parsed;
  const [command = '', deal, ...more] = positionals;
  if (more.length > 0) throw new UsageError(USAGE);
  const status = STATUSES.find((each) => each === values.status);
  if (values.status !== undefined && !status) {
    throw new UsageError(`--status ${values.status}: must be one of ${STATUSES.join(', ')}`);
  }
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    throw new UsageError(`--limit ${values.limit}: must be a whole number from 1 to 1000`);
  }
  return { command, deal, filter: { status, limit } };
}

function print(deals: readonly Deal[]): void {
  for (const deal of deals) {
    const until = new Date(deal.heldUntil * 1_000).toISOString();
    const waits = deal.status === 'held' || deal.status === 'pending';
    const facts = [
      ...(waits ? [`until ${until}`] : []),
      ...(deal.code === undefined ? [] : [`code ${deal.code}`]),
    ];
    say(`${deal.id}  ${deal.status}  ${formatMoney(deal.priceMinor, deal.currency)}`);
    say(`  ${deal.itemName} (${deal.itemId}), for ${deal.agentDid}`);
    if (facts.length > 0) say(`  ${facts.join(', ')}`);
  }
}
