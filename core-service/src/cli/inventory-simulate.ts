/** `inventory simulate`: what other terms would earn on an item, before a buyer meets them. */
import { withDefaults } from '../haggling.ts';
import { findItem } from '../inventory/repository.ts';
import { formatMoney, formatPlain } from '../money.ts';
import { gridOf } from '../negotiation/price-ending.ts';
import type { Crowd, Offered, Simulated, Simulation } from '../negotiation/simulate/simulate.ts';
import { exampleOf, simulate } from '../negotiation/simulate/simulate.ts';
import { plotLines } from './plot.ts';
import type { PolicyOptions } from './policy-options.ts';
import { changedItem } from './policy-options.ts';
import type { SellerContext } from './run.ts';
import { noItem, readCount, say, table, UsageError } from './run.ts';

const MAX_BUYERS = 10_000;
const MAX_SEED = 2_147_483_647;
export const DEFAULT_BUYERS = '200';
export const DEFAULT_SEED = '1';
/** The kinds of buyers whose haggles are drawn: one that concedes, and one that only waits. */
const DRAWN = ['linear', 'patient low-baller'];

/** Prints what the item earns as it haggles now and, when there are options, as it would by them. */
export async function simulateItem(
  { db, config }: SellerContext,
  itemId: string,
  { buyers, seed, ...options }: PolicyOptions,
): Promise<void> {
  const crowd: Crowd = {
    buyers: readCount('--buyers', buyers ?? DEFAULT_BUYERS, 1, MAX_BUYERS),
    seed: readCount('--seed', seed ?? DEFAULT_SEED, 0, MAX_SEED),
  };
  const item = await findItem(db, itemId);
  if (!item) throw noItem(itemId);
  const { basePriceMinor: baseMinor, floorPriceMinor: floorMinor, currency } = item;
  if (baseMinor === floorMinor) throw new UsageError(`${itemId}: the price is the floor`);
  const offered = (own: typeof item): Offered => ({
    id: itemId,
    terms: { ...withDefaults(own, config.negotiation.haggling), baseMinor, floorMinor },
    controls: { grid: gridOf(own.priceEnding, currency) },
  });
  const changed = changedItem(item, options);
  const present = offered(item);
  const proposed = changed ? offered(changed) : undefined;

  say(`${itemId}: ${formatMoney(baseMinor, currency)}, floor ${formatMoney(floorMinor, currency)}`);
  say(`${crowd.buyers} buyers of each kind, seed ${crowd.seed}; nothing is written`);
  if (changed && proposed) {
    const shown = (own: typeof item, { terms }: Offered): Shown => {
      return { ...terms, priceEnding: own.priceEnding ?? 'any' };
    };
    const changes = differences(shown(item, present), shown(changed, proposed));
    say(`proposed: ${changes || 'the same terms'}`);
  }
  const before = simulate(present, crowd);
  const after = proposed && simulate(proposed, crowd);
  say('');
  for (const line of table(rowsOf(before, after, currency))) say(line);
  for (const kind of DRAWN) draw(kind, crowd.seed, currency, present, proposed);
}

type Shown = Readonly<Record<string, string | number>>;

function differences(present: Shown, proposed: Shown): string {
  const changed = Object.keys(present).filter((name) => present[name] !== proposed[name]);
  const words = (name: string): string =>
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return changed.map((name) => `${words(name)} ${present[name]} → ${proposed[name]}`).join(', ');
}

const TITLES = ['share', 'deals', 'rounds', 'price', 'earned'];

/** `earned` is what so many haggles leave above the floor. */
const EARNED_OVER = 100;

const allOf = ({ buyers, mean, impatient, insider }: Simulation): readonly Simulated[] => [
  ...buyers,
  mean,
  impatient,
  insider,
];

function rowsOf(before: Simulation, after: Simulation | undefined, currency: string): string[][] {
  const cells = (one: Simulated): string[] => [
    one.share.toFixed(2),
    one.deals.toFixed(2),
    one.rounds.toFixed(1),
    one.deals === 0 ? '-' : formatPlain(Math.round(one.priceMinor), currency),
    formatPlain(Math.round(EARNED_OVER * one.earnedMinor), currency),
  ];
  const title = ['buyer', ...TITLES, ...(after ? TITLES.map((each) => `→ ${each}`) : [])];
  const others = after && allOf(after);
  const rows = allOf(before).map((one, i) => {
    const other = others?.[i];
    return [one.buyer, ...cells(one), ...(other ? cells(other) : [])];
  });
  return [title, ...rows];
}

function draw(
  kind: string,
  seed: number,
  currency: string,
  present: Offered,
  proposed: Offered | undefined,
): void {
  const haggle = exampleOf(present, seed, kind);
  const other = proposed && exampleOf(proposed, seed, kind);
  const series = [
    { mark: '·', values: [Number.NaN, ...haggle.bids] },
    ...(other ? [{ mark: '○', values: other.asks }] : []),
    { mark: '●', values: haggle.asks },
  ];
  const legend = `● our ask now${other ? ', ○ as proposed' : ''}, · the bids`;
  say(`\n${kind}, round by round: ${legend}`);
  for (const line of plotLines(series, (minor) => formatPlain(minor, currency))) say(line);
}
