import type { Bounds } from '../numbers.ts';

/** The bounds in which an item may haggle, as the table has them; `negotiation/asks.ts` says what each does. */
export const policyParameters = {
  rounds: { min: 1, max: 100, isWhole: true },
  beta: { min: 0.01, max: 10 },
  bucketRatio: { min: 0.001, max: 0.5 },
  openingRatio: { min: 0.1, max: 1 },
} as const satisfies Readonly<Record<string, Bounds>>;

/** How many of an item may be reserved at a time. */
export const quantityBounds: Bounds = { min: 0, max: 1_000_000_000, isWhole: true };

export type PolicyParameter = keyof typeof policyParameters;

/** Null for the policy's default. */
export type PolicyParameters = Readonly<Record<PolicyParameter, number | null>>;
