/** One bid decided: the policy's numbers, and for a counter-offer the words of the model or its own. */
import type { Context } from '../context.ts';
import { newReservationCode } from '../deals/code.ts';
import { signReceipt } from '../deals/receipt.ts';
import { POLICY_VERSION } from '../policy-version.ts';
import { activeTraceparent } from '../telemetry/spans.ts';
import type { Agent } from './agent.ts';
import { askAfter, openingAsk } from './asks.ts';
import type { ChosenMove } from './choose-move.ts';
import { chooseMove } from './choose-move.ts';
import type { Controls } from './decide.ts';
import { controlledAsk, decide } from './decide.ts';
import * as events from './events.ts';
import { keyedJitter } from './keyed-jitter.ts';
import type { Strategy } from './metrics.ts';
import type { Outcome } from './outcome.ts';
import { gridOf } from './price-ending.ts';
import type { Found, Item } from './repository.ts';
import { UI_REQUIRED } from './standing-outcome.ts';

export interface DecidedRound {
  /** 1 for the first bid of a session. */
  readonly round: number;
  readonly bidMinor: number;
  /** Our ask after the bid. */
  readonly askMinor: number;
  /** The day whose jitter this haggle uses to its end. */
  readonly epoch: number;
  readonly outcome: Outcome;
  readonly strategy: Strategy;
  /** Whose the words of a counter-offer are; null for the other outcomes. */
  readonly words: ChosenMove['words'] | null;
}

/** Decides a bid. Never throws for a model that fails: then the policy answers alone. */
export async function decideRound(
  ctx: Pick<Context, 'config' | 'chat' | 'logger'>,
  { item, session, epoch: today }: Found,
  agent: Agent,
  bidMinor: number,
  signal: AbortSignal,
): Promise<DecidedRound> {
  const { terms } = item;
  const { agentDid } = agent;
  const { pricingSecret } = ctx.config.negotiation;
  const epoch = session?.epoch ?? today;
  const jitter = keyedJitter(pricingSecret, item.id, agentDid, epoch);
  const controls = controlsOf(item);
  const opening = controlledAsk(openingAsk(terms, jitter), terms, controls);
  const haggle = session ?? { askMinor: opening, bids: [] };
  const decision = decide(terms, haggle, bidMinor, jitter, thresholdOf(ctx, item), controls);
  if (askAfter(terms, jitter, [...haggle.bids, bidMinor]) < (controls.lowestAskMinor ?? 0)) {
    events.concessionCeilingReached(ctx.logger, item.id);
  }

  const round = haggle.bids.length + 1;
  const { askMinor: standingAsk } = haggle;
  const policyAlone = { strategy: 'policy', words: null } as const;
  const standing = { round, bidMinor, askMinor: standingAsk, epoch, ...policyAlone };
  switch (decision.kind) {
    case 'accepted':
      return {
        ...standing,
        outcome: { ...decision, ...(await reserve(ctx, item, agent, decision)) },
      };
    case 'rejected':
      return { ...standing, outcome: { kind: 'rejected', reason: 'OFFER_TOO_LOW' } };
    case 'ui_required':
      return { ...standing, outcome: UI_REQUIRED };
    case 'countered': {
      const { moves, last } = decision;
      const counter = { item, agentDid, round, rounds: terms.rounds, bidMinor, moves, last };
      const { move, message, ...origin } = await chooseMove(ctx.chat, signal, counter);
      const reason = last ? 'LAST_OFFER' : 'BID_BELOW_ASK';
      const { askMinor } = move;
      const told = item.controls.tellsRounds === true && { roundsLeft: terms.rounds - round };
      const countered = { kind: 'countered', askMinor, message, reason, ...told } as const;
      return { ...standing, askMinor, ...origin, outcome: countered };
    }
  }
}

/** The code of a new deal, and its terms, signed. */
async function reserve(
  { config }: Pick<Context, 'config'>,
  { id: itemId, currency }: Item,
  { agentDid, isVerified }: Agent,
  { finalMinor: priceMinor }: { readonly finalMinor: number },
): Promise<{ readonly reservationCode: string; readonly receipt: string | null }> {
  const reservationCode = newReservationCode();
  const bid = { agentDid, isVerified, traceparent: activeTraceparent() };
  const price = { priceMinor, currency, policyVersion: POLICY_VERSION };
  const terms = { reservationCode, itemId, ...price, ...bid };
  return { reservationCode, receipt: await signReceipt(config.receiptKeys, terms) };
}

/** The item's own threshold, or its currency's; a currency without one always asks a person. */
function thresholdOf({ config }: Pick<Context, 'config'>, { controls, currency }: Item): number {
  return controls.highValueMinor ?? config.negotiation.highValueThresholds.get(currency) ?? 0;
}

function controlsOf({ controls, currency, terms }: Item): Controls {
  const { concessionLeftMinor: left, draftAboveMinor } = controls;
  return {
    lowestAskMinor: left === null ? undefined : terms.baseMinor - Math.max(0, left),
    grid: gridOf(controls.priceEnding, currency),
    draftAboveMinor: draftAboveMinor ?? undefined,
  };
}
