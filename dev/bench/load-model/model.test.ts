import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { limitsOf } from './limits.ts';
import { FIGURES } from './measured.ts';
import type { Values } from './model.ts';
import { busyCores, services, storage, telemetry } from './model.ts';
import { writeTables } from './tables.ts';

const values = Object.fromEntries(
  Object.entries(FIGURES).map(([name, { value }]) => [name, value]),
) as Values;
const load = { rate: 1_000, items: 1_000 };

test('docs/scaling.md shows what the load model says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/scaling.md'), 'utf8');
  for (const table of writeTables().split('\n\n')) expect(page).toContain(table);
});

describe('what a load needs', () => {
  test('follows the mix of bids and searches', () => {
    const mixed = { ...values, bidsASearch: 3, gatewayBidMs: 1, gatewaySearchMs: 2 };
    // 750 bids of 1 ms and 250 searches of 2 ms.
    expect(busyCores(load, mixed).gateway).toBeCloseTo(1.25);
    expect(services(load, { ...mixed, busyShare: 0.5 }).gateways).toBe(3);
    expect(services({ rate: 1, items: 1 }, values)).toMatchObject({ gateways: 2, cores: 2 });
  });

  test('grows by the same for each tenfold of the items', () => {
    const cores = [1_000, 10_000, 100_000].map((items) => busyCores({ ...load, items }, values));
    const [first = 0, second = 0, third = 0] = cores.map(({ searching }) => searching);
    expect(second - first).toBeCloseTo(third - second);
    expect(second).toBeGreaterThan(first);
    expect(busyCores({ ...load, items: 10 }, values).searching).toBe(first);
  });

  test('keeps rounds for their days', () => {
    const all = { ...values, bidsASearch: 1, retentionDays: 2, roundBytes: 1_000 };
    // 500 bids a second.
    expect(storage(load, all)).toMatchObject({ rounds: 86_400_000, roundsGb: 86.4 });
  });

  test('has a collector for as many traces as wait, and as it has time for', () => {
    const few = { ...values, decisionWaitS: 10, tracesThatWait: 2_500 };
    expect(telemetry(load, few).collectors).toBe(4);
    // One core for 500 traces a second, half busy.
    const slow = { ...values, decidesMs: 2, busyShare: 0.5 };
    expect(telemetry(load, slow)).toMatchObject({ collectors: 4, decidingCores: 2 });
  });
});

test('the nearest limit comes first, and is named', () => {
  const [nearest] = limitsOf(load, { ...values, serverConnections: 10 });
  expect(nearest).toMatchObject({ what: 'connections', further: 'PgBouncer in transaction mode' });
  expect(nearest?.share).toBeGreaterThan(1);
  const [other] = limitsOf({ rate: 100, items: 1e9 }, values);
  expect(other?.what).toBe('memory for vectors');
});
