/** What a rule of the Instrumentation Score is. */
import type { RegistryFacts } from './registry.ts';
import type { Signals } from './signals.ts';

/** The weights of the specification. */
export const WEIGHTS = { Critical: 40, Important: 30, Normal: 20, Low: 10 } as const;

export interface Rule {
  readonly id: string;
  readonly impact: keyof typeof WEIGHTS;
  readonly says: string;
  /** Returns what breaks the rule, the first few of it. */
  readonly breaches: (signals: Signals, conventions: RegistryFacts) => readonly string[];
}
