/**
 * The terms by which an item haggles: their bounds, their values where nobody set others, and the
 * presets. `negotiation/asks.ts` says what each of them does to the price.
 */
import type { Bounds } from './numbers.ts';

export interface Terms {
  readonly baseMinor: number;
  /** Hidden; 0 < floor ≤ base. */
  readonly floorMinor: number;
  /** The number of bids that are answered with a counter-offer. */
  readonly rounds: number;
  /** Concession exponent: below 1 is Boulware, which gives way late. */
  readonly beta: number;
  /** Width of the buckets the floor is rounded up in, as a share of the list price. */
  readonly bucketRatio: number;
  /** Our opening ask as a share of the list price, at most 1. */
  readonly openingRatio: number;
  /** The least share of list price − floor that we keep of a deal, 0 to 1. */
  readonly margin: number;
  /** The least amount above the floor that we keep of a deal, where that is more. */
  readonly marginMinor: number;
  /** The greatest discount from the list price, as a share of it, 0 to 1. */
  readonly discountCap: number;
}

/** The terms without the prices of an item. */
export type OwnTerms = Omit<Terms, 'baseMinor' | 'floorMinor'>;
/** The terms of an item as they are stored; null is the installation's default. */
export type StoredTerms = { readonly [Name in keyof OwnTerms]: number | null };

/** A new item haggles by these terms. Each number is what `pnpm bench:haggle` found best. */
export const DEFAULT_TERMS = {
  rounds: 10,
  beta: 0.2,
  bucketRatio: 0.02,
  openingRatio: 1,
  margin: 0.12,
  marginMinor: 0,
  discountCap: 1,
} as const;

/** Terms by a plain name, for a merchant to choose from; `pnpm bench:haggle` says what each earns. */
export const PRESETS = {
  /** A firm seller gives away little: it keeps more of each deal, and makes fewer. */
  firm: { ...DEFAULT_TERMS, margin: 0.25 },
  balanced: DEFAULT_TERMS,
  /** A quick seller opens below the list price and makes its last offer in the third round. */
  'quick sale': { ...DEFAULT_TERMS, rounds: 3, beta: 0.5, margin: 0.05, openingRatio: 0.95 },
} as const satisfies Readonly<Record<string, OwnTerms>>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** The bounds of a term, and its word in files and in `HAGGLING`. */
interface TermBounds extends Bounds {
  readonly column: string;
}

/** The terms that are the same in every currency. */
export const TERM_BOUNDS = {
  rounds: { column: 'rounds', min: 1, max: 100, isWhole: true },
  beta: { column: 'beta', min: 0.01, max: 10 },
  bucketRatio: { column: 'bucket_ratio', min: 0.001, max: 0.5 },
  openingRatio: { column: 'opening_ratio', min: 0.1, max: 1 },
  margin: { column: 'margin', min: 0, max: 1 },
  discountCap: { column: 'discount_cap', min: 0, max: 1 },
} as const satisfies Readonly<Partial<Record<keyof OwnTerms, TermBounds>>>;

/** The number of an item that may be reserved at a time. */
export const QUANTITY_BOUNDS: Bounds = { min: 0, max: 1_000_000_000, isWhole: true };

export type TermName = keyof typeof TERM_BOUNDS;
export const TERM_NAMES = Object.keys(TERM_BOUNDS) as readonly TermName[];

/** `quick sale`, or `quick-sale` where a space would be in the way. */
export function findPreset(name: string): PresetName | undefined {
  const spaced = name.trim().replaceAll('-', ' ');
  return PRESET_NAMES.find((each) => each === spaced);
}
