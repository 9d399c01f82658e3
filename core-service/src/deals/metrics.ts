/** The metrics of what became of haggles, which people and agents change in many ways: so the database is asked. */
import type { Attributes } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';
import type { Db } from '../db/client.ts';
import { observeDatabase } from '../db/observe.ts';
import { findEndings } from './endings-repository.ts';
import { ENDINGS } from './report-repository.ts';

const meter = metrics.getMeter('aura.core');
const ended = meter.createObservableGauge('aura.negotiation.endings', {
  description: 'Haggles that began in the last hour, by how they stand now',
  unit: '{haggle}',
});
const waiting = meter.createObservableGauge('aura.deals.waiting', {
  description: 'Bids that wait for a person',
  unit: '{deal}',
});
const waited = meter.createObservableGauge('aura.deals.waiting_time', {
  description: 'How long the bid that waits longest for a person has waited; 0 where none does',
  unit: 's',
});

const LABELS: readonly (readonly [ending: string, labels: Attributes])[] = [...ENDINGS, 'deal'].map(
  (each) => [each, Object.freeze({ 'aura.negotiation.ending': each })],
);

/** Observes the haggles of all replicas, so that each of them tells the same. @returns stops it */
export function observeDeals(db: Db): () => void {
  const observables = [ended, waiting, waited];
  return observeDatabase(
    observables,
    () => findEndings(db),
    (result, found) => {
      for (const [each, labels] of LABELS) result.observe(ended, found.ended[each] ?? 0, labels);
      result.observe(waiting, found.waiting);
      result.observe(waited, found.waitedSeconds);
    },
  );
}
