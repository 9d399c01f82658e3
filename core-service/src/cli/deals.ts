/** `deals list | report | explain | verify | keys | approve | decline | confirm | release`: reservations, and bids that wait. */
import { DEAL_STATUSES, readReservationCode } from '@aura/proto/limits.ts';
import type { Command } from 'commander';
import { Option } from 'commander';
import { approve, decline } from '../deals/approve.ts';
import { confirm } from '../deals/confirm.ts';
import { findForSeller } from '../deals/find.ts';
import { release } from '../deals/release.ts';
import type { Deal } from '../deals/deal-repository.ts';
import { listDeals } from '../deals/deal-repository.ts';
import { formatMoney } from '../money.ts';
import { explainDeal } from './deals-explain.ts';
import { addReceiptCommands } from './deals-receipts.ts';
import type { ReportOptions } from './deals-report.ts';
import { DEFAULT_DAYS, report } from './deals-report.ts';
import type { SellerContext } from './run.ts';
import { onDatabase, readCount, say, UsageError } from './run.ts';

const DEFAULT_LIMIT = '50';
const MAX_LIMIT = 1_000;

/** The id of a deal in any letter case. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const toLowerCase = (text: string): string => text.toLowerCase();

type Verb = (ctx: SellerContext, deal: string) => Promise<unknown>;

interface ListOptions {
  readonly status?: Deal['status'];
  readonly limit: string;
}

export function addDealCommands(program: Command): void {
  const deals = program.command('deals').description('reservations, and bids that wait');
  const verb = (name: string, argument: string, description: string, act: Verb): void =>
    void deals
      .command(name)
      .description(description)
      .argument(argument)
      .action((deal: string) => onDatabase((ctx) => actOn(ctx, deal, act)));

  deals
    .command('list')
    .description('tells of deals, the latest first')
    .addOption(new Option('--status <status>', 'only these').choices(Object.values(DEAL_STATUSES)))
    .option('--limit <count>', `at most so many, up to ${MAX_LIMIT}`, DEFAULT_LIMIT)
    .action((options: ListOptions) => onDatabase((ctx) => list(ctx, options)));
  deals
    .command('report')
    .description('tells by item and day what haggles came to, and where they ended')
    .option('--item <ITEM>', 'of this one alone')
    .option('--days <N>', 'today and the days before', DEFAULT_DAYS)
    .option('--json', 'for programs')
    .action((options: ReportOptions) => onDatabase((ctx) => report(ctx, options)));
  deals
    .command('explain')
    .description('tells a haggle round by round: what was bid and asked, who chose, by which terms')
    .argument('<DEAL|CODE>', 'a deal, or any haggle by its id')
    .option('--json', 'for programs')
    .action((deal: string, options: { readonly json?: boolean }) =>
      onDatabase((ctx) => explainDeal(ctx, readDeal(deal), options)),
    );
  addReceiptCommands(deals);
  verb('approve', '<DEAL>', 'says yes to a bid that waits for a person', approve);
  verb('decline', '<DEAL>', 'says no to a bid that waits for a person', decline);
  verb('confirm', '<DEAL|CODE>', 'makes a held reservation last', confirm);
  verb('release', '<DEAL|CODE>', 'gives back what was reserved', (ctx, deal) =>
    release(ctx, deal, 'seller'),
  );
}

/** @param typed may come from a mail or a chat, which put quotes and full stops around it */
function readDeal(typed: string): string {
  const deal = typed.replace(/^[\s"'`“‘(]+|[\s"'`”’).,;:!?]+$/gu, '').replace(UUID, toLowerCase);
  if (!UUID.test(deal) && readReservationCode(deal) === undefined) {
    // A code is a secret, so it is not repeated.
    const code = 'its reservation code, AURA- and four groups of eight';
    throw new UsageError(`DEAL must be a deal's id, a UUID, or ${code}`);
  }
  return deal;
}

async function actOn(ctx: SellerContext, typed: string, act: Verb): Promise<void> {
  const deal = readDeal(typed);
  await act(ctx, deal);
  print([await findForSeller(ctx, deal)]);
}

async function list(ctx: SellerContext, { status, limit: text }: ListOptions): Promise<void> {
  const limit = readCount('--limit', text, 1, MAX_LIMIT);
  const deals = await listDeals(ctx.db, { status, limit });
  if (deals.length > 0) print(deals);
  else say('There are none.');
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
