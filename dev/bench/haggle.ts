/**
 * How well the policy sells: 1,000 random items, 3 random values each, against each kind of buyer;
 * beside it a seller that names its floor at once and one that never moves. The same numbers in
 * every run.
 *
 * The surplus of a haggle is what there is to share, min(value, list price) − floor: nobody pays
 * more than the list price. The seller's share is (price − floor) / surplus, over the deals made.
 */
import type { Terms } from '../../core-service/src/negotiation/policy.ts';
import { DEFAULT_TERMS, keyedJitter } from '../../core-service/src/negotiation/policy.ts';
import type { Buyer } from './haggle/buyers.ts';
import { BUYERS } from './haggle/buyers.ts';
import type { Seller } from './haggle/play.ts';
import { floorSeller, play, policySeller, stubbornSeller } from './haggle/play.ts';

const ITEMS = 1_000;
const VALUES = 3;
/** A secret of the bench's own. */
const SECRET = 'the bench of haggles';

interface Case {
  readonly terms: Terms;
  readonly value: number;
  readonly jitter: number;
}
interface Result {
  readonly share: number;
  /** Deals where the value was not below the floor, and not below the policy's last ask. */
  readonly deals: number;
  readonly reachable: number;
  readonly rounds: number;
}

/** A number in [0, 1) for a name, the same in each run. */
const random = (...name: readonly (string | number)[]): number =>
  keyedJitter(SECRET, name.join('/'), 'random', 0);

/** List prices from 20.00 to 2,000.00, floors at 40–95 % of them, values around both. */
function* cases(): Generator<Case> {
  for (let i = 0; i < ITEMS; i++) {
    const baseMinor = Math.round(2_000 * 100 ** random(i, 'base'));
    const floorMinor = Math.ceil(baseMinor * (0.4 + 0.55 * random(i, 'floor')));
    const terms = { baseMinor, floorMinor, ...DEFAULT_TERMS };
    for (let j = 0; j < VALUES; j++) {
      const [low, high] = [0.9 * floorMinor, 1.1 * baseMinor];
      const value = Math.round(low + random(i, 'value', j) * (high - low));
      yield { terms, value, jitter: random(i, 'jitter', j) };
    }
  }
}

function measure(sellerOf: (jitter: number) => Seller, buyer: Buyer): Result {
  const shares: number[] = [];
  const rounds: number[] = [];
  let possible = 0;
  let reachable = 0;
  for (const { terms, value, jitter } of cases()) {
    const surplus = Math.min(value, terms.baseMinor) - terms.floorMinor;
    if (surplus <= 0) continue;
    const { price, rounds: taken } = play(sellerOf(jitter), buyer, terms, value);
    const lastAsk = play(policySeller(jitter), STAYS_AWAY, terms, 0).asks.at(-1) ?? 0;
    possible++;
    if (value >= lastAsk) reachable++;
    if (price === undefined) continue;
    shares.push((price - terms.floorMinor) / surplus);
    rounds.push(taken);
  }
  return {
    share: mean(shares),
    deals: shares.length / possible,
    reachable: shares.length / reachable,
    rounds: mean(rounds),
  };
}

/** Bids next to nothing to the end. */
const STAYS_AWAY: Buyer = { name: 'stays away', bid: () => 1 };

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function print(title: string, results: readonly (readonly [string, Result])[]): void {
  const cells = ['share', 'deals', 'of reachable', 'rounds'];
  console.log(`\n${title.padEnd(30)}${cells.map((cell) => cell.padStart(14)).join('')}`);
  const means: Result = {
    share: mean(results.map(([, { share }]) => share)),
    deals: mean(results.map(([, { deals }]) => deals)),
    reachable: mean(results.map(([, { reachable }]) => reachable)),
    rounds: mean(results.map(([, { rounds }]) => rounds)),
  };
  for (const [name, { share, deals, reachable, rounds }] of [
    ...results,
    ['mean', means] as const,
  ]) {
    const row = [share.toFixed(3), deals.toFixed(3), reachable.toFixed(3), rounds.toFixed(1)];
    console.log(name.padEnd(30) + row.map((cell) => cell.padStart(14)).join(''));
  }
}

const against = (sellerOf: (jitter: number) => Seller) =>
  BUYERS.map((buyer) => [buyer.name, measure(sellerOf, buyer)] as const);

console.log(`${ITEMS} items, ${VALUES} values each; deals out of those where value > floor`);
print('the policy', against(policySeller));
print(
  'names its floor at once',
  against(() => floorSeller),
);
print(
  'never moves',
  against(() => stubbornSeller),
);
