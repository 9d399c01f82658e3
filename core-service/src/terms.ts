/**
 * The terms by which an item haggles: their bounds, their values where nobody set others, and the
 * presets. `negotiation/asks.ts` says what each of them does to the price.
 */
import { z } from 'zod';

export interface Terms {
  readonly baseMinor: number;
  /** Hidden; 0 < floor ≤ base. */
  readonly floorMinor: number;
  /** How many bids we answer with a counter-offer. */
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

/** What a new item haggles by. Each number is what `pnpm bench:haggle` found best. */
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
  /** Gives away little: the most from each deal, and fewer deals. */
  firm: { ...DEFAULT_TERMS, margin: 0.25 },
  balanced: DEFAULT_TERMS,
  /** For impatient buyers: opens below the list price and is at its last offer in three rounds. */
  'quick sale': { ...DEFAULT_TERMS, rounds: 3, beta: 0.5, margin: 0.05, openingRatio: 0.95 },
} as const satisfies Readonly<Record<string, OwnTerms>>;

export type PresetName = keyof typeof PRESETS;
export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

interface Bounds {
  /** The column of an item, and the word in `HAGGLING`. */
  readonly column: string;
  readonly check: z.ZodNumber;
  /** The check in words, for the person who has to mend a value. */
  readonly words: string;
}

/** The terms that are the same in every currency. */
export const TERM_BOUNDS = {
  rounds: {
    column: 'rounds',
    check: z.int().min(1).max(100),
    words: 'a whole number from 1 to 100',
  },
  beta: { column: 'beta', check: z.number().min(0.01).max(10), words: 'a number from 0.01 to 10' },
  bucketRatio: {
    column: 'bucket_ratio',
    check: z.number().min(0.001).max(0.5),
    words: 'a number from 0.001 to 0.5',
  },
  openingRatio: {
    column: 'opening_ratio',
    check: z.number().min(0.1).max(1),
    words: 'a number from 0.1 to 1',
  },
  margin: { column: 'margin', check: z.number().min(0).max(1), words: 'a number from 0 to 1' },
  discountCap: {
    column: 'discount_cap',
    check: z.number().min(0).max(1),
    words: 'a number from 0 to 1',
  },
} as const satisfies Readonly<Partial<Record<keyof OwnTerms, Bounds>>>;

export type TermName = keyof typeof TERM_BOUNDS;
export const TERM_NAMES = Object.keys(TERM_BOUNDS) as readonly TermName[];

/** `quick sale`, or `quick-sale` where a space would be in the way. */
export function findPreset(name: string): PresetName | undefined {
  const spaced = name.trim().replaceAll('-', ' ');
  return PRESET_NAMES.find((each) => each === spaced);
}
