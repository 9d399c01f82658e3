/**
 * Buyers who learn across sessions. A deal that was only made to learn costs them nothing here, and
 * an offer once heard stays open for them: both are more than they would have in earnest.
 */
import type { Figures } from '../../../core-service/src/negotiation/simulate/figures.ts';
import { figuresOf, mean } from '../../../core-service/src/negotiation/simulate/figures.ts';
import type { Answer, View } from '../../../core-service/src/negotiation/simulate/play.ts';
import { play } from '../../../core-service/src/negotiation/simulate/play.ts';
import { policySeller } from '../../../core-service/src/negotiation/simulate/seller.ts';
import type { Case } from './cases.ts';
import { jitterOf, random } from './cases.ts';
import type { Policy } from './policies.ts';
import { sellerBy } from './policies.ts';
import type { Known } from './reader.ts';
import { createReader } from './reader.ts';
import type { Strategy } from './strategies.ts';
import { bidsOf } from './strategies.ts';

export const SESSIONS = 20;

type Bid = (view: View) => number | undefined;

/** Opens the session of that number, plays the bids, and says the lowest price to be had of it. */
interface Session {
  readonly play: (bid: Bid) => number;
  /** What the last one showed. */
  readonly seen: () => Pick<View, 'asks' | 'bids'>;
}

interface Learner {
  readonly name: string;
  /** Plays its sessions; what it pays in the end is the lowest price of them. */
  readonly learn: (next: () => Session, policy: Policy, known: Known, value: number) => void;
}

/** Repeats one bid to the end, and halves the range between what was refused and what was taken. */
const bisection: Learner = {
  name: 'bisects the repeated bid',
  learn: (next, _policy, { baseMinor }, value) => {
    let [refused, taken] = [0, Math.min(value, baseMinor)];
    for (let session = 0; session < SESSIONS; session++) {
      const bid = Math.floor((refused + taken) / 2);
      if (next().play(() => bid) <= bid) taken = bid;
      else refused = bid;
    }
  },
};

/** Lets the bids of all but the last sessions differ, and bids the mean of what each one told. */
const regression: Learner = {
  name: 'fits the curve to all asks',
  learn: (next, policy, known, value) => {
    const told: number[] = [];
    for (let session = 0; session < SESSIONS - 3; session++) {
      const one = next();
      const share = 0.3 + 0.6 * random('scout', session);
      one.play(() => share * Math.min(value, known.baseMinor));
      told.push(createReader(policy, known).read(one.seen(), 0.5));
    }
    // The reserve differs from agent to agent by some jitter: a little less, as much, a little more.
    for (const more of [-1, 0, 1]) {
      const bid = mean(told) + more * 0.06 * known.bucketRatio * known.baseMinor;
      next().play(({ round, rounds, ask }) => (round > rounds ? ask : Math.min(bid, ask - 1)));
    }
  },
};

/** Plays the strategy that gains most in one session, and keeps the best of all offers. */
const bestOf = (strategy: Strategy): Learner => ({
  name: `the best of ${SESSIONS} sessions of the worst strategy`,
  learn: (next, policy, known) => {
    for (let session = 0; session < SESSIONS; session++) {
      next().play(bidsOf(policy, known, strategy));
    }
  },
});

export type Who = 'fresh' | 'one' | 'counted';

export interface Learned {
  readonly name: string;
  readonly figures: Figures;
}

/**
 * @param who `fresh` for another DID each session; `one` for the same; `counted` for the same where
 *   the seller counts the bids of the earlier sessions
 */
export function measureLearners(
  policy: Policy,
  cases: readonly Case[],
  strategy: Strategy,
  who: Who,
): Learned[] {
  return [bisection, regression, bestOf(strategy)].map((learner) => ({
    name: learner.name,
    figures: figuresOf(
      cases.map((one) => ({ ...one, haggle: learnOn(policy, one, learner, who) })),
    ),
  }));
}

function learnOn(policy: Policy, one: Case, { learn }: Learner, who: Who) {
  const { floorMinor: _hidden, ...known } = one.terms;
  let [lowest, session, earlier] = [Infinity, 0, 0];
  const next = (): Session => {
    const agentDid = who === 'fresh' ? `did:example:learner-${session}` : one.agentDid;
    session += 1;
    const jitter = jitterOf({ ...one, agentDid });
    const open = (): ((bid: number) => Answer) =>
      who === 'counted'
        ? policySeller(one.terms, jitter, earlier)
        : sellerBy(policy, one.terms, jitter);
    let seen: Pick<View, 'asks' | 'bids'> = { asks: [], bids: [] };
    return {
      seen: () => seen,
      play: (bid) => {
        const haggle = play(open(), { name: 'learner', bid }, one);
        seen = haggle;
        earlier += haggle.bids.length;
        const offer = haggle.price ?? haggle.asks.at(-1) ?? Infinity;
        if (offer <= one.value) lowest = Math.min(lowest, offer);
        return offer;
      },
    };
  };
  learn(next, policy, known, one.value);
  const price = lowest === Infinity ? undefined : lowest;
  return { price, rounds: session, asks: [], bids: [] };
}
