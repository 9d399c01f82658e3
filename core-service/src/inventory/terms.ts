import { z } from 'zod';

/** The bounds in which an item may haggle, as the table has them; `negotiation/asks.ts` says what each does. */
export const policyParameters = {
  rounds: z.int().min(1).max(100),
  beta: z.number().min(0.01).max(10),
  bucketRatio: z.number().min(0.001).max(0.5),
  openingRatio: z.number().min(0.1).max(1),
};

export type PolicyParameter = keyof typeof policyParameters;

/** Null for the policy's default. */
export type PolicyParameters = Readonly<Record<PolicyParameter, number | null>>;
