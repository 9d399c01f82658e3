/** Twelve buyers at it at the same time. */
import { buy } from './buyers.ts';
import type { Ledger } from './ledger.ts';
import { createRandom } from './random.ts';

/** Buyers that bid at a time. */
export const BUYERS = 12;

/** Lets the buyers in. @returns when the signal has aborted and each has heard its last answer */
export async function letBuyersIn(
  ledger: Ledger,
  seed: number,
  signal: AbortSignal,
): Promise<void> {
  const buyers = Array.from({ length: BUYERS }, (_, i) =>
    buy(ledger, createRandom(seed, `buyer ${i}`), `did:example:${i}`, signal),
  );
  await Promise.all(buyers);
}
