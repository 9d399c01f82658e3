/**
 * The figures that the load model stands on, each with what measured it. To bring one up to date, run its
 * command, put its answer here, and put what `npx -y pnpm@12 bench:load-model` then prints into docs/scaling.md.
 */

export interface Figure {
  readonly says: string;
  readonly value: number;
  readonly unit: string;
  /** A command, or why it is taken for so much. */
  readonly from: string;
}

const BID = '`bench --scenarios bid`, a quiet machine';
const SEARCH = 'a bid’s, times the ratio of the two in one run of `bench --variants all`';
const BY_HAND = 'the bytes that reached the collector and the log in `bench`, over its requests';
const ROUNDS = '`bench:rounds`';
const SCALE = '`bench:scale`';
const START = '`bench --start`';
const COLLECTORS = '`bench:load-model --collectors`, a quiet machine';
const POLICY = 'deploy/kubernetes/components/collector';

export const FIGURES = {
  bidsASearch: { says: 'bids for each search', value: 4, unit: '', from: 'a haggle of four bids' },
  busyShare: {
    says: 'how busy a core may be',
    value: 0.65,
    unit: '',
    from: 'where another pod is started',
  },

  gatewayBidMs: { says: 'CPU of a bid: gateway', value: 0.87, unit: 'ms', from: BID },
  coreBidMs: { says: 'CPU of a bid: core', value: 1.17, unit: 'ms', from: BID },
  postgresBidMs: { says: 'CPU of a bid: Postgres', value: 0.63, unit: 'ms', from: BID },
  gatewaySearchMs: { says: 'CPU of a search: gateway', value: 0.73, unit: 'ms', from: SEARCH },
  coreSearchMs: { says: 'CPU of a search: core', value: 0.94, unit: 'ms', from: SEARCH },
  searchedItems: {
    says: 'items among which a search was measured',
    value: 1_000,
    unit: '',
    from: SCALE,
  },
  postgresSearchMs: {
    says: 'CPU of a search: Postgres, among so many items',
    value: 6,
    unit: 'ms',
    from: SCALE,
  },
  postgresSearchTenfoldMs: {
    says: '… and for each tenfold of them more',
    value: 4.5,
    unit: 'ms',
    from: SCALE,
  },

  gatewayMb: { says: 'memory: a gateway', value: 166, unit: 'MB', from: START },
  coreMb: { says: 'memory: a core', value: 156, unit: 'MB', from: START },
  connectionsACore: {
    says: 'connections of a core',
    value: 12,
    unit: '',
    from: '`DATABASE_POOL_SIZE` + 2',
  },

  itemKb: { says: 'an item on disk, its vector and indexes', value: 14.7, unit: 'kB', from: SCALE },
  vectorIndexKb: { says: 'an item in the index of vectors', value: 7.8, unit: 'kB', from: SCALE },

  roundBytes: {
    says: 'a round on disk, with its share of the session and of all indexes',
    value: 590,
    unit: 'B',
    from: ROUNDS,
  },
  roundIndexBytes: { says: 'a round in the indexes', value: 125, unit: 'B', from: ROUNDS },
  dealShare: {
    says: 'rounds of haggles that led to a deal, which are kept',
    value: 0.05,
    unit: '',
    from: 'chosen',
  },
  retentionDays: {
    says: 'days for which the others are',
    value: 30,
    unit: '',
    from: '`SESSION_RETENTION_DAYS`',
  },
  logKbABid: {
    says: 'write-ahead log of a bid, right after a checkpoint',
    value: 10.8,
    unit: 'kB',
    from: ROUNDS,
  },
  pagesABid: { says: 'pages that it changes first', value: 1.5, unit: '', from: ROUNDS },
  sweptRoundsASecond: {
    says: 'rounds that a core sweeps in a second, beside a load average of 30',
    value: 3_500,
    unit: '',
    from: ROUNDS,
  },

  spansABid: { says: 'spans of a bid', value: 7, unit: '', from: 'trace-contract.ts' },
  spansASearch: { says: 'spans of a search', value: 6, unit: '', from: 'trace-contract.ts' },
  traceKbABid: { says: 'OTLP of a bid, all its spans', value: 6.1, unit: 'kB', from: BY_HAND },
  traceKbASearch: { says: 'OTLP of a search', value: 9, unit: 'kB', from: BY_HAND },
  logKbARequest: { says: 'lines of both logs for a bid', value: 1.1, unit: 'kB', from: BY_HAND },
  nodeBidMs: {
    says: 'CPU of a trace: the collector of its node, a bid',
    value: 0.52,
    unit: 'ms',
    from: COLLECTORS,
  },
  nodeSearchMs: { says: '… a search', value: 0.82, unit: 'ms', from: COLLECTORS },
  decidesMs: { says: '… the collector that decides', value: 0.12, unit: 'ms', from: COLLECTORS },
  keptShare: { says: 'traces that are kept', value: 0.06, unit: '', from: POLICY },
  decisionWaitS: {
    says: 'seconds that a trace waits for that',
    value: 10,
    unit: 's',
    from: POLICY,
  },
  tracesThatWait: {
    says: 'traces that wait in one collector',
    value: 50_000,
    unit: '',
    from: POLICY,
  },

  serverCores: {
    says: 'the largest server of Postgres: cores',
    value: 64,
    unit: '',
    from: 'chosen',
  },
  serverMemoryGb: { says: '… memory', value: 512, unit: 'GB', from: 'chosen' },
  serverDiskGb: { says: '… disk', value: 16_000, unit: 'GB', from: 'chosen' },
  serverConnections: { says: '… connections', value: 500, unit: '', from: 'chosen' },
  serverWrites: { says: '… writes a second', value: 64_000, unit: '', from: 'chosen' },
  vacuumMbASecond: {
    says: 'index that vacuum reads in a second, beside the same',
    value: 33,
    unit: 'MB',
    from: ROUNDS,
  },
  deadShare: {
    says: 'rows that are over when autovacuum begins',
    value: 0.2,
    unit: '',
    from: '`autovacuum_vacuum_scale_factor`',
  },
} as const satisfies Record<string, Figure>;
