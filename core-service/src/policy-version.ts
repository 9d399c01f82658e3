/**
 * The version of the rules in `negotiation/decide.ts` and `negotiation/asks.ts`, as rounds and receipts have it.
 * Raise it with each change of a price or a decision; policy-version.test.ts notices one.
 */
export const POLICY_VERSION = '1';
