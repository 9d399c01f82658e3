/** Buyers who have read the source: they know the policy and its constants, not the key. */
import type { Terms } from '../../../core-service/src/terms.ts';
import type { Answer, Haggle, View } from '../../../core-service/src/negotiation/simulate/play.ts';
import { play } from '../../../core-service/src/negotiation/simulate/play.ts';
import type { Policy } from './policies.ts';
import type { Known, Reader } from './reader.ts';
import { createReader } from './reader.ts';

/** Shares are of the lower of list price and value where nothing else is said. */
export interface Strategy {
  /** The first bid. */
  readonly open: number;
  /** Where the bids creep to by the last round, unless something of the below comes first. */
  readonly reach: number;
  /** The exponent of the creep: above 1 it comes late. */
  readonly bend: number;
  /** From this bid on the buyer reads the reserve from the asks it has seen; 0 for never. */
  readonly readAt: number;
  /** Its bids then: the reserve found, plus this share of the way from there to the ask. */
  readonly over: number;
  /** Reads anew before each bid. */
  readonly rereads: boolean;
  /** Which of several reserves that fit it takes: 0 is the highest, 1 the lowest. */
  readonly optimism: number;
  /** The number of a bid that jumps; 0 for none. */
  readonly jumpAt: number;
  /** How far below the ask that one is, as a share of what the seller has conceded so far. */
  readonly jump: number;
  /** In place of the last offer, bids what the reserve found can be at most by its jitter. */
  readonly undercut: boolean;
  /** Plays once without taking anything, walks away, and returns with what it has learned. */
  readonly returns: boolean;
}

const STILL: Strategy = {
  open: 0.3,
  reach: 0.3,
  bend: 1,
  readAt: 0,
  over: 0,
  rereads: false,
  optimism: 0,
  jumpAt: 0,
  jump: 0,
  undercut: false,
  returns: false,
};

/** What undid the former policy: one bid after, and one before the last offer. */
export const JUMPS: Readonly<Record<string, Strategy>> = {
  'bids the reserve it reads from the last offer': { ...STILL, readAt: 11, undercut: true },
  'bids ask − 0.6 (list − ask) in round 10': { ...STILL, jumpAt: 10, jump: 0.6 },
};

/** The buyer's bids; at the last offer it takes it, or undercuts it, or leaves. */
export function bidsOf(
  policy: Policy,
  known: Known,
  strategy: Strategy,
  told?: number,
): (view: View) => number | undefined {
  const { open, reach, bend, readAt, over, jumpAt, jump, optimism } = strategy;
  const mostJitter = Math.ceil((known.baseMinor * known.bucketRatio) / 8);
  let found = told;
  let reader: Reader | undefined;
  return (view) => {
    const { ask, value, listPrice, round, rounds } = view;
    const reads = found === undefined || (strategy.rereads && told === undefined);
    if (reads && readAt > 0 && round >= Math.max(2, readAt)) {
      reader ??= createReader(policy, known);
      found = reader.read(view, optimism);
    }
    if (round > rounds) {
      if (strategy.undercut && found !== undefined) return found + mostJitter;
      return ask <= value ? ask : undefined;
    }
    if (round === jumpAt) return ask - Math.max(1, jump * (listPrice - ask));
    if (found !== undefined) return Math.min(found + over * (ask - found), ask - 1);
    const elapsed = rounds > 1 ? ((round - 1) / (rounds - 1)) ** bend : 1;
    return Math.min(Math.min(listPrice, value) * (open + (reach - open) * elapsed), ask - 1);
  };
}

/** Plays one strategy against the seller that `open` gives, which is the same each time. */
export function playStrategy(
  policy: Policy,
  open: () => (bid: number) => Answer,
  strategy: Strategy,
  wanted: { readonly terms: Terms; readonly value: number },
): Haggle {
  const { floorMinor: _hidden, ...known } = wanted.terms;
  let told: number | undefined;
  if (strategy.returns) {
    const seen = scout(open(), bidsOf(policy, known, strategy), wanted);
    told = createReader(policy, known).read(seen, strategy.optimism);
  }
  return play(open(), { name: 'adversary', bid: bidsOf(policy, known, strategy, told) }, wanted);
}

/** A haggle with these bids whose last offer is left on the table. */
function scout(
  seller: (bid: number) => Answer,
  bid: (view: View) => number | undefined,
  wanted: { readonly terms: Terms; readonly value: number },
): Haggle {
  const looks = (view: View) => (view.round > view.rounds ? undefined : bid(view));
  return play(seller, { name: 'scout', bid: looks }, wanted);
}
