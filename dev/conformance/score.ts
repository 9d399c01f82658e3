/**
 * The public Instrumentation Score, version 0.1 (github.com/instrumentation-score/spec, commit e6ee222): its rules
 * as far as one load can tell, and its formula: the sum of the weights of the rules passed, over that of the rules
 * judged, times 100.
 */
import type { RegistryFacts } from './registry.ts';
import type { Rule } from './rule.ts';
import { WEIGHTS } from './rule.ts';
import { LEVEL_RULES, METRIC_RULES } from './rules-metrics.ts';
import { LOG_RULES, RESOURCE_RULES, SPAN_RULES } from './rules-spans.ts';
import type { Signals } from './signals.ts';

/** These rules of the specification need more than one load, or say no criterion. */
export const NOT_JUDGED: Readonly<Record<string, string>> = {
  'LOG-001': 'it asks for 14 days of a production environment',
  'RES-003': 'it is about telemetry of Kubernetes, where the collector puts `k8s.pod.uid` in',
  'SPA-003': 'the specification has no criterion for it yet (“TODO”)',
};
const RULES: readonly Rule[] = [
  ...RESOURCE_RULES,
  ...LEVEL_RULES,
  ...SPAN_RULES,
  ...METRIC_RULES,
  ...LOG_RULES,
];

export interface Verdict {
  readonly rule: Rule;
  readonly breaches: readonly string[];
}

export function judge(signals: Signals, conventions: RegistryFacts): Verdict[] {
  return RULES.map((rule) => ({ rule, breaches: rule.breaches(signals, conventions) }));
}

/** @returns 0 to 100 */
export function scoreOf(verdicts: readonly Verdict[]): number {
  const weigh = (some: readonly Verdict[]): number =>
    some.reduce((sum, { rule }) => sum + WEIGHTS[rule.impact], 0);
  const passed = verdicts.filter(({ breaches }) => breaches.length === 0);
  return (100 * weigh(passed)) / weigh(verdicts);
}

/** The category that the specification has for a score. */
export function categoryOf(score: number): string {
  if (score >= 90) return 'Excellent';
  if (score >= 75) return 'Good';
  return score >= 50 ? 'Needs Improvement' : 'Poor';
}
