/** What a load needs, by arithmetic on what was measured. */
import type { FIGURES } from './measured.ts';

/** The values of the figures, by their names. */
export type Values = Readonly<Record<keyof typeof FIGURES, number>>;

export interface Load {
  /** Requests a second, bids and searches together. */
  readonly rate: number;
  readonly items: number;
}

const DAY_S = 86_400;

function shares({ rate }: Load, { bidsASearch }: Values): { bids: number; searches: number } {
  const searches = rate / (bidsASearch + 1);
  return { bids: rate - searches, searches };
}

/** Cores that are busy all the time: `primary` by bids, `searching` by searches, which a replica can answer. */
export function busyCores(load: Load, values: Values) {
  const { bids, searches } = shares(load, values);
  return {
    gateway: (bids * values.gatewayBidMs + searches * values.gatewaySearchMs) / 1_000,
    core: (bids * values.coreBidMs + searches * values.coreSearchMs) / 1_000,
    primary: (bids * values.postgresBidMs) / 1_000,
    searching: (searches * searchMs(load.items, values)) / 1_000,
  };
}

/** A search goes so much further through the graph of vectors each time that the inventory grows tenfold. */
function searchMs(items: number, values: Values): number {
  const tenfolds = Math.max(0, Math.log10(items / values.searchedItems));
  return values.postgresSearchMs + tenfolds * values.postgresSearchTenfoldMs;
}

/** Pods of one worker each; two at least, so that one may go. */
export function services(load: Load, values: Values) {
  const busy = busyCores(load, values);
  const pods = (cores: number): number => Math.max(2, Math.ceil(cores / values.busyShare));
  const [gateways, cores] = [pods(busy.gateway), pods(busy.core)];
  return {
    gateways,
    cores,
    memoryGb: (gateways * values.gatewayMb + cores * values.coreMb) / 1_000,
    connections: cores * values.connectionsACore,
  };
}

/** Spans, and what is kept of traces and logs. */
export function telemetry(load: Load, values: Values) {
  const { bids, searches } = shares(load, values);
  const traceMb = (bids * values.traceKbABid + searches * values.traceKbASearch) / 1_000;
  const waiting = load.rate * values.decisionWaitS;
  const deciding = (load.rate * values.decidesMs) / 1_000;
  return {
    spans: bids * values.spansABid + searches * values.spansASearch,
    traceMb,
    collectors: Math.max(
      2,
      Math.ceil(waiting / values.tracesThatWait),
      Math.ceil(deciding / values.busyShare),
    ),
    /** Cores that are busy: in the collectors of all nodes, and in those that decide. */
    nodeCores: (bids * values.nodeBidMs + searches * values.nodeSearchMs) / 1_000,
    decidingCores: deciding,
    tracesGbADay: (traceMb * values.keptShare * DAY_S) / 1_000,
    logsGbADay: (load.rate * values.logKbARequest * DAY_S) / 1e6,
  };
}

/** What Postgres keeps, and writes. */
export function storage(load: Load, values: Values) {
  const { bids } = shares(load, values);
  const rounds = bids * DAY_S * values.retentionDays;
  const roundIndexGb = (rounds * values.roundIndexBytes) / 1e9;
  return {
    rounds,
    roundsGb: (rounds * values.roundBytes) / 1e9,
    roundIndexGb,
    /** One pass over the indexes, and the time in which so many rows are over that it begins anew. */
    vacuumS: (roundIndexGb * 1_000) / values.vacuumMbASecond,
    untilVacuumS: values.retentionDays * DAY_S * values.deadShare,
    dealsGbAYear: (bids * DAY_S * 365 * values.dealShare * values.roundBytes) / 1e9,
    inventoryGb: (load.items * values.itemKb) / 1e6,
    vectorIndexGb: (load.items * values.vectorIndexKb) / 1e6,
    logMbASecond: (bids * values.logKbABid) / 1_000,
    // At worst a commit is a write of its own; a page that a bid changes first is written at the next checkpoint.
    writes: bids * (1 + values.pagesABid),
    roundsToSweep: bids,
  };
}
