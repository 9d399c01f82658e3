import type { Terms } from '../../terms.ts';
import { openingAsk } from '../asks.ts';
import type { Controls, Haggle } from '../decide.ts';
import { controlledAsk, decide } from '../decide.ts';
import type { Answer } from './play.ts';

/**
 * Aura's policy as the seller of one haggle, which makes each of its moves by itself.
 *
 * @param jitter from `keyedJitter`
 * @param earlier bids of the agent's earlier haggles, which these have to make up for
 */
export function policySeller(
  terms: Terms,
  jitter: number,
  earlier = 0,
  controls: Controls = {},
): (bid: number) => Answer {
  const opening = controlledAsk(openingAsk(terms, jitter), terms, controls);
  let live: Haggle = { askMinor: opening, bids: [], earlier };
  return (bid) => {
    const decision = decide(terms, live, bid, jitter, Number.MAX_SAFE_INTEGER, controls);
    if (decision.kind === 'accepted') return { kind: 'deal', price: decision.finalMinor };
    if (decision.kind !== 'countered') return { kind: 'end' };
    const [{ askMinor }] = decision.moves;
    live = { ...live, askMinor, bids: [...live.bids, bid] };
    return { kind: 'ask', ask: askMinor };
  };
}
