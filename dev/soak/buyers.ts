/** These are the agents of all sorts that bid in the soak, and the seller. */
import { setTimeout as wait } from 'node:timers/promises';
import { createGrpcClient } from '../../core-service/test/grpc-client.ts';
import { DEAR_ITEM, DEAR_PRICE, LIST_PRICE, OPEN_ITEMS, RARE_ITEMS } from './items.ts';
import type { Ledger } from './ledger.ts';
import type { Random } from './random.ts';
import { ADMIN_TOKEN } from './stack.ts';

/** Plays one buyer, who does one thing after the other until the signal. */
export async function buy(
  ledger: Ledger,
  random: Random,
  agent: string,
  signal: AbortSignal,
): Promise<void> {
  const held: string[] = [];
  const openItem = (): string => `open-${random.int(0, OPEN_ITEMS - 1)}`;
  const bidFor = (item_id: string, bid_amount: number, more: object = {}) => ({
    item_id,
    bid_amount,
    agent_did: agent,
    ...more,
  });

  async function haggle(): Promise<void> {
    const item = openItem();
    let answer = await ledger.bid(bidFor(item, random.int(30, 60)));
    for (let round = random.int(0, 4); round > 0 && answer?.status === 'countered'; round--) {
      const session = { session_token: answer.session_token };
      const take = round === 1 && random.next() < 0.7;
      const amount = take ? (answer.data?.proposed_price ?? 1) : random.int(40, 70);
      answer = await ledger.bid(bidFor(item, amount, session));
    }
    if (answer?.data?.reservation_code) held.push(answer.data.reservation_code);
  }
  const buyDear = (): Promise<unknown> =>
    ledger.bid(bidFor(DEAR_ITEM, random.int(DEAR_PRICE / 2 + 1, DEAR_PRICE)));
  async function buyRare(): Promise<void> {
    const answer = await ledger.bid(bidFor(`rare-${random.int(0, RARE_ITEMS - 1)}`, LIST_PRICE));
    if (answer?.data?.reservation_code) held.push(answer.data.reservation_code);
  }
  async function giveBack(): Promise<void> {
    const code = held.splice(random.int(0, held.length), 1)[0];
    if (code !== undefined) await ledger.release(code);
  }
  const habits: readonly (readonly [weight: number, act: () => Promise<unknown>])[] = [
    [30, haggle],
    [15, () => ledger.search('quiet room')],
    [20, buyRare],
    [12, giveBack],
    [5, async () => held[0] !== undefined && ledger.reservation(held[0])],
    [5, buyDear],
    [6, () => ledger.bidAtOnce(bidFor(openItem(), LIST_PRICE), random.int(2, 5))],
    [7, () => ledger.bidAndLeave(bidFor(openItem(), LIST_PRICE), random.int(1, 40))],
  ];
  const weights = habits.flatMap(([weight], i) => Array.from({ length: weight }, () => i));
  while (!signal.aborted) {
    await habits[random.pick(weights)]?.[1]();
    await wait(random.int(0, 30));
  }
}

/** Plays the seller, who says yes or no to what waits and confirms some of what is held. */
export async function sell(corePort: number, random: Random, signal: AbortSignal): Promise<void> {
  const core = createGrpcClient(corePort);
  const ask = async (
    method: Parameters<typeof core.deals>[0],
    request: object,
  ): Promise<
    { readonly deals?: readonly { readonly dealId: string; readonly itemId: string }[] } | undefined
  > => await core.deals(method, request, ADMIN_TOKEN).catch(() => undefined);
  while (!signal.aborted) {
    const pending = await ask('ListDeals', { status: 'DEAL_STATUS_PENDING', limit: 20 });
    for (const { dealId } of pending?.deals ?? []) {
      await ask(random.next() < 0.7 ? 'ApproveDeal' : 'DeclineDeal', { dealId });
    }
    const holding = await ask('ListDeals', { status: 'DEAL_STATUS_HELD', limit: 20 });
    for (const { dealId, itemId } of holding?.deals ?? []) {
      if (random.next() < 0.05) await ask('ConfirmDeal', { dealId });
      // The seller gives some back, so that there is always something rare to be had.
      if (itemId !== DEAR_ITEM && random.next() < 0.1) await ask('ReleaseDeal', { dealId });
    }
    await wait(200);
  }
  core.close();
}
