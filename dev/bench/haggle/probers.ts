/**
 * Agents that want to know the floor. They know the published policy with all its numbers, the
 * list price and the bucket; what they do not know is the pricing secret and the floor.
 */
import type { Terms } from '../../../core-service/src/terms.ts';
import { HELD_BACK, JITTER } from '../../../core-service/src/negotiation/asks.ts';
import type { Answer } from '../../../core-service/src/negotiation/simulate/play.ts';

/** Opens a haggle of an agent; an agent may open as many as it likes. */
export type Open = (agent: number) => (bid: number) => Answer;
type Known = Omit<Terms, 'floorMinor'>;

interface Prober {
  readonly name: string;
  /** @returns what it takes the reserve for, minor units */
  readonly reserve: (open: Open, known: Known) => number;
}

/** The mean jitter of the reserve, in buckets. */
const MEAN_JITTER = JITTER / 2;
const AGENTS = 100;
const BIDS = 50;

const bucketOf = ({ baseMinor, bucketRatio }: Known): number =>
  Math.max(1, Math.round(baseMinor * bucketRatio));

const PROBERS: readonly Prober[] = [
  { name: 'binary search over fresh sessions', reserve: searchForDeal },
  { name: `${AGENTS} agents × ${BIDS} bids, averaged`, reserve: averageOfAgents },
  {
    name: 'last offer of one haggle, inverted',
    reserve: (open, known) => invertLastOffer(open(0), known),
  },
];

/** The lowest bid that is taken in the end when it is repeated to the end. */
function searchForDeal(open: Open, known: Known): number {
  let [refused, taken] = [0, known.baseMinor];
  while (taken - refused > 1) {
    const bid = Math.floor((refused + taken) / 2);
    const seller = open(0);
    let answer = seller(bid);
    while (answer.kind === 'ask') answer = seller(bid);
    if (answer.kind === 'deal') taken = bid;
    else refused = bid;
  }
  return taken;
}

/** The mean over all agents of what each learns from its bids, less the mean jitter. */
function averageOfAgents(open: Open, known: Known): number {
  let sum = 0;
  for (let agent = 0; agent < AGENTS; agent++) {
    for (let bids = 0; bids < BIDS; bids += known.rounds)
      sum += invertLastOffer(open(agent), known);
  }
  const mean = sum / (AGENTS * Math.ceil(BIDS / known.rounds));
  return mean - MEAN_JITTER * bucketOf(known);
}

/** Inverts the last offer to a bidder of next to nothing: reserve + held back · (list − reserve). */
function invertLastOffer(seller: (bid: number) => Answer, { baseMinor, rounds }: Known): number {
  let last = baseMinor;
  for (let round = 1; round <= rounds; round++) {
    const answer = seller(1);
    if (answer.kind !== 'ask') break;
    last = answer.ask;
  }
  return (last - HELD_BACK * baseMinor) / (1 - HELD_BACK);
}

/** The reserve less the margin, which everybody knows. */
function rawFloorOf(reserve: number, { baseMinor, margin }: Known): number {
  return (reserve - margin * baseMinor) / (1 - margin);
}

/**
 * The middle of the bucket that such a reserve stands for. A reserve lies up to an eighth of
 * a bucket above its bucket's edge and the margin; the tolerance is the same on both sides of that.
 */
function floorBelow(reserve: number, known: Known): number {
  const bucket = bucketOf(known);
  const edge = Math.floor(rawFloorOf(reserve, known) / bucket + 0.4375) * bucket;
  return edge - (bucket - 1) / 2;
}

interface Probed {
  readonly name: string;
  /** Mean distance from the floor, as a share of the list price. */
  readonly error: number;
  /** The same where the reserve less the margin is taken for the floor. */
  readonly rawError: number;
  /** Of how many items the answer was the same for each floor that was tried in one bucket. */
  readonly blind: number;
}

/**
 * Lets each prober loose on the items, and on siblings with another floor in the same bucket. The
 * last line is somebody who was told the bucket and nothing else.
 */
export function probe(
  items: readonly Terms[],
  openOf: (terms: Terms, item: number) => Open,
): readonly Probed[] {
  const mean = (of: (terms: Terms, i: number) => number): number =>
    items.reduce((sum, terms, i) => sum + of(terms, i), 0) / items.length;
  const share = (terms: Terms, floor: number): number =>
    Math.abs(floor - terms.floorMinor) / terms.baseMinor;

  const probed = PROBERS.map(({ name, reserve }) => {
    const found = items.map((terms, i) => reserve(openOf(terms, i), terms));
    const blind = items.filter((terms, i) =>
      siblings(terms).every((each) => reserve(openOf(each, i), each) === found[i]),
    );
    return {
      name,
      error: mean((terms, i) => share(terms, floorBelow(found[i] as number, terms))),
      rawError: mean((terms, i) => share(terms, rawFloorOf(found[i] as number, terms))),
      blind: blind.length,
    };
  });
  const told = (terms: Terms): number =>
    Math.ceil(terms.floorMinor / bucketOf(terms)) * bucketOf(terms) - (bucketOf(terms) - 1) / 2;
  const error = mean((terms) => share(terms, told(terms)));
  return [
    ...probed,
    { name: 'knows the bucket only', error, rawError: error, blind: items.length },
  ];
}

/** The same item with the highest and the lowest floor of its bucket. */
function siblings(terms: Terms): Terms[] {
  const bucket = bucketOf(terms);
  const highest = Math.ceil(terms.floorMinor / bucket) * bucket;
  return [highest - bucket + 1, highest].map((floorMinor) => ({ ...terms, floorMinor }));
}
