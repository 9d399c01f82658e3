import { createHash } from 'node:crypto';

export interface Random {
  /** @returns a number in [0, 1) */
  next(): number;
  /** @returns a whole number from `min` to `max`, both included */
  int(min: number, max: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** @returns the same numbers for the same seed and name, whoever else draws some */
export function createRandom(seed: number, name: string): Random {
  let drawn = 0;
  const next = (): number => {
    const hash = createHash('sha256').update(JSON.stringify([seed, name, drawn++]));
    return hash.digest().readUIntBE(0, 6) / 2 ** 48;
  };
  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: (choices) => choices[Math.floor(next() * choices.length)] as (typeof choices)[number],
  };
}
