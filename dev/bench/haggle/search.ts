/** Searches for the strategy by which a buyer who has read the source gains most. */
import type { Figures } from '../../../core-service/src/negotiation/simulate/figures.ts';
import { figuresOf } from '../../../core-service/src/negotiation/simulate/figures.ts';
import type { Case } from './cases.ts';
import { jitterOf, random, sample } from './cases.ts';
import type { Policy } from './policies.ts';
import { sellerBy } from './policies.ts';
import type { Strategy } from './strategies.ts';
import { JUMPS, playStrategy } from './strategies.ts';

/** How many strategies are tried, on how many cases; the best of each line go on to the next. */
export interface Effort {
  readonly drawn: number;
  readonly bred: number;
  readonly screenedOn: number;
  readonly comparedOn: number;
}

export const FULL: Effort = { drawn: 2_400, bred: 800, screenedOn: 24, comparedOn: 120 };
export const QUICK: Effort = { drawn: 240, bred: 80, screenedOn: 12, comparedOn: 40 };

/** Strategies that are changed to breed others, and that are compared at last. */
const PARENTS = 16;
const FINALISTS = 6;

export interface Found {
  readonly strategy: Strategy;
  readonly figures: Figures;
}

/**
 * Draws strategies by chance, breeds others from the best, and compares the best of all, by what
 * the buyer gains of what there is to share. The same in each run.
 *
 * @param returns whether the strategies walk away once and return
 */
export function searchWorst(
  policy: Policy,
  cases: readonly Case[],
  effort: Effort,
  returns: boolean,
): Found {
  const screen = sample(cases, effort.screenedOn);
  const gainOf = (strategy: Strategy): Gain => ({
    strategy,
    gain: measureStrategy(policy, screen, strategy).gain,
  });
  const jumps = Object.values(JUMPS).map((jump) => ({ ...jump, returns }));
  const drawn = Array.from({ length: effort.drawn }, (_, i) => ({ ...draw(i), returns }));
  let best = byGain([...jumps, ...drawn].map(gainOf)).slice(0, PARENTS);
  for (let i = 0; i < effort.bred; i++) {
    const parent = best[Math.floor(random('parent', i) * best.length)] as Gain;
    best = byGain([...best, gainOf(breed(parent.strategy, i))]).slice(0, PARENTS);
  }
  const compare = sample(cases, effort.comparedOn);
  const finalists = byGain(
    best.map(({ strategy }) => ({
      strategy,
      gain: measureStrategy(policy, compare, strategy).gain,
    })),
  ).slice(0, FINALISTS);
  const found = finalists.map(({ strategy }) => {
    return { strategy, figures: measureStrategy(policy, cases, strategy) };
  });
  return found.reduce((worst, each) => (each.figures.gain > worst.figures.gain ? each : worst));
}

interface Gain {
  readonly strategy: Strategy;
  readonly gain: number;
}

const byGain = (gains: readonly Gain[]): Gain[] => gains.toSorted((a, b) => b.gain - a.gain);

export function measureStrategy(
  policy: Policy,
  cases: readonly Case[],
  strategy: Strategy,
): Figures {
  return figuresOf(
    cases.map((one) => {
      const open = () => sellerBy(policy, one.terms, jitterOf(one));
      return { ...one, haggle: playStrategy(policy, open, strategy, one) };
    }),
  );
}

function draw(i: number): Strategy {
  const chance = (name: string): number => random('strategy', name, i);
  const pick = <T>(name: string, some: readonly T[]): T =>
    some[Math.floor(chance(name) * some.length)] as T;
  const open = chance('open');
  return {
    open,
    reach: chance('creeps') < 0.3 ? open : open + (1 - open) * chance('reach'),
    bend: pick('bend', [0.3, 0.5, 1, 2, 4]),
    readAt: pick('read', [0, 2, 3, 4, 5, 6, 7, 8, 10, 11]),
    over: pick('over', [-0.1, -0.03, 0, 0, 0.03, 0.1, 0.25, 0.5]),
    rereads: chance('rereads') < 0.5,
    optimism: chance('optimism'),
    jumpAt: pick('jump at', [0, 0, 0, 1, 2, 5, 8, 9, 10, 11]),
    jump: pick('jump', [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2]),
    undercut: chance('undercut') < 0.2,
    returns: false,
  };
}

/** Some traits are another's, and some numbers a little different. */
function breed(parent: Strategy, i: number): Strategy {
  const other = draw(1_000_000 + i);
  const taken = Object.entries(other).filter(
    ([trait]) => trait !== 'returns' && random('taken', trait, i) < 0.25,
  );
  const near = (value: number, width: number, name: string): number =>
    value + width * (random('near', name, i) - 0.5);
  const unit = (value: number): number => Math.min(1, Math.max(0.01, value));
  return {
    ...parent,
    open: unit(near(parent.open, 0.1, 'open')),
    reach: unit(near(parent.reach, 0.1, 'reach')),
    over: near(parent.over, 0.06, 'over'),
    optimism: unit(near(parent.optimism, 0.2, 'optimism')),
    ...(Object.fromEntries(taken) as Partial<Strategy>),
  };
}
