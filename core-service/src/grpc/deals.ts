import type {
  Deal as Message,
  DealServiceHandlers,
  DealStatus,
  ListDealsRequest__Output,
  ListDealsResponse,
} from '@aura/proto';
import { DEAL_STATUSES } from '@aura/proto/limits.ts';
import type { Context } from '../context.ts';
import { approve, decline } from '../deals/approve.ts';
import { confirm } from '../deals/confirm.ts';
import { findForSeller } from '../deals/find.ts';
import { release } from '../deals/release.ts';
import type { Deal } from '../deals/deal-repository.ts';
import { listDeals } from '../deals/deal-repository.ts';
import { toMajor } from '../money.ts';
import type { IsAdmin } from './admin.ts';
import { guarded } from './admin.ts';
import { unary } from './unary.ts';
import * as validate from './validate.ts';

/** A list without a limit has this many deals. */
const DEFAULT_LIMIT = 50;

/** The statuses by their names in the contract; the unspecified one, which filters nothing, has none. */
const STATUSES: Readonly<Partial<Record<DealStatus, Deal['status']>>> = DEAL_STATUSES;
const MESSAGE_STATUSES = Object.fromEntries(
  Object.entries(DEAL_STATUSES).map(([name, status]) => [status, name]),
) as Readonly<Record<Deal['status'], DealStatus>>;

/** The seller's side; each call has to carry the admin token. */
export function dealHandlers(ctx: Context, isAdmin: IsAdmin) {
  const logger = ctx.logger.child({ logger: 'deals' });
  const seller = { ...ctx, logger };
  const list = async (request: ListDealsRequest__Output): Promise<ListDealsResponse> => {
    validate.validate({ limit: validate.listLimit(request.limit) });
    const status = STATUSES[request.status];
    const deals = await listDeals(ctx.db, { status, limit: request.limit || DEFAULT_LIMIT });
    return { deals: deals.map(toMessage) };
  };
  /** A method that does something with a deal, and answers with what became of it. */
  const method = (name: string, act: (dealId: string) => Promise<unknown>) =>
    guarded(
      isAdmin,
      unary(
        logger,
        name,
        async ({ dealId }: { readonly dealId: string }): Promise<{ deal: Message }> => {
          validate.validate({ deal_id: validate.dealId(dealId) });
          await act(dealId);
          return { deal: toMessage(await findForSeller(seller, dealId)) };
        },
      ),
    );
  return {
    ListDeals: guarded(isAdmin, unary(logger, 'ListDeals', list)),
    ApproveDeal: method('ApproveDeal', (dealId) => approve(seller, dealId)),
    DeclineDeal: method('DeclineDeal', (dealId) => decline(seller, dealId)),
    ConfirmDeal: method('ConfirmDeal', (dealId) => confirm(seller, dealId)),
    ReleaseDeal: method('ReleaseDeal', (dealId) => release(seller, dealId, 'seller')),
  } satisfies DealServiceHandlers;
}

function toMessage(deal: Deal): Message {
  return {
    dealId: deal.id,
    status: MESSAGE_STATUSES[deal.status],
    itemId: deal.itemId,
    itemName: deal.itemName,
    agentDid: deal.agentDid,
    price: toMajor(deal.priceMinor, deal.currency),
    currencyCode: deal.currency,
    heldUntilTimestamp: deal.heldUntil,
    reservationCode: deal.code ?? '',
  };
}
