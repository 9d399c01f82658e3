/**
 * The metrics of haggles. Their labels come from closed sets, and none of them is computed from a floor
 * price.
 */
import type { Attributes } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';
import type { Cap } from '../llm/chat-model.ts';
import { currencyDigits, toMajor } from '../money.ts';
import type { Outcome } from './outcome.ts';

/** Who chose a counter-offer. */
export type Strategy = 'model' | 'policy';

/** Bounds in major units, wide enough for a yen and a dinar: two to four of them for each power of ten. */
const AMOUNTS = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000,
  1_000_000, 10_000_000,
];

const meter = metrics.getMeter('aura.core');
const haggles = meter.createCounter('aura.negotiation.haggles', {
  description: 'Haggles that began with a first bid',
  unit: '{haggle}',
});
const decisions = meter.createCounter('aura.negotiation.decisions', {
  description: 'Bids answered',
  unit: '{bid}',
});
const rounds = meter.createHistogram('aura.negotiation.rounds', {
  description: 'Rounds of a haggle when it was decided',
  unit: '{round}',
  advice: { explicitBucketBoundaries: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15] },
});
const capped = meter.createCounter('aura.llm.capped', {
  description: 'Bids answered without the model because a limit on its cost was reached',
  unit: '{bid}',
});

const limited = meter.createCounter('aura.negotiation.limited', {
  description:
    'First bids that were refused because their agent had as many open sessions as it may',
  unit: '{bid}',
});

const amounts = (name: string, description: string) =>
  meter.createHistogram(name, {
    description,
    unit: '{major_unit}',
    advice: { explicitBucketBoundaries: AMOUNTS },
  });
const bidAmount = amounts('aura.negotiation.bid.amount', 'Money that buyers bid, a round');
const askAmount = amounts('aura.negotiation.ask.amount', 'Money that was asked in counter-offers');
const dealAmount = amounts('aura.negotiation.deal.amount', 'Money that was agreed on');

/** A bid that was written down as a round. */
export interface DecidedBid {
  /** ISO 4217. */
  readonly currency: string;
  readonly round: number;
  readonly bidMinor: number;
  readonly outcome: Outcome;
  readonly strategy: Strategy;
}

/** Counts a bid that was decided and written down. */
export function countBid({ currency, round, bidMinor, outcome, strategy }: DecidedBid): void {
  if (round === 1) haggles.add(1);
  countDecision(outcome, strategy);
  if (outcome.kind !== 'countered') rounds.record(round, END_LABELS[outcome.kind]);
  const labels = currencyLabels(currency);
  bidAmount.record(toMajor(bidMinor, currency), labels);
  if (outcome.kind === 'countered') askAmount.record(toMajor(outcome.askMinor, currency), labels);
  if (outcome.kind === 'accepted') dealAmount.record(toMajor(outcome.finalMinor, currency), labels);
}

/** Counts an answer by its outcome, its reason where it has a code of one, and who chose a counter-offer. */
export function countDecision(outcome: Outcome, strategy: Strategy): void {
  decisions.add(1, labelsOf(outcome, strategy));
}

export function countCapped(cap: Cap): void {
  capped.add(1, CAP_LABELS[cap]);
}

export function countLimited(): void {
  limited.add(1, LIMIT_LABELS);
}

export const LIMIT_LABELS = Object.freeze({ 'aura.limit': 'open_sessions' } as const);

// The SDK looks up what is frozen without working out its hash again.
const outcomeLabels = (outcome: string, more: Attributes = {}): Attributes =>
  Object.freeze({ 'aura.negotiation.outcome': outcome, ...more });
const END_LABELS = {
  accepted: outcomeLabels('accepted'),
  rejected: outcomeLabels('rejected'),
  ui_required: outcomeLabels('ui_required'),
} as const;
const capLabels = (cap: Cap): Attributes => Object.freeze({ 'aura.llm.capped': cap });
const CAP_LABELS: Readonly<Record<Cap, Attributes>> = {
  agent_minute: capLabels('agent_minute'),
  agent_day: capLabels('agent_day'),
  minute: capLabels('minute'),
  day: capLabels('day'),
  budget_unknown: capLabels('budget_unknown'),
  concurrency: capLabels('concurrency'),
};

/** The label sets by reason and strategy; both are closed sets of the code. */
const decisionLabels = new Map<string, Attributes>();

function labelsOf(outcome: Outcome, strategy: Strategy): Attributes {
  if (outcome.kind === 'accepted' || outcome.kind === 'ui_required') {
    return END_LABELS[outcome.kind];
  }
  const { kind, reason } = outcome;
  const key = kind === 'countered' && strategy === 'model' ? `${reason} model` : reason;
  const known = decisionLabels.get(key);
  if (known !== undefined) return known;
  const made = outcomeLabels(kind, {
    'aura.negotiation.reason': reason,
    ...(kind === 'countered' && { 'aura.negotiation.strategy': strategy }),
  });
  decisionLabels.set(key, made);
  return made;
}

const currencies = new Map<string, Attributes>();

/** Returns the label of a currency of ISO 4217; what is none has one label in common. */
function currencyLabels(code: string): Attributes {
  const known = currencies.get(code);
  if (known !== undefined) return known;
  const currency = currencyDigits(code) === undefined ? '_OTHER' : code;
  const made = Object.freeze({ 'aura.negotiation.currency': currency });
  if (currency === code) currencies.set(code, made);
  return made;
}
