/**
 * Measures what tracing costs: the local services on the embedded database, without a model, under a small
 * load of searches and bids, in rounds that alternate between the modes. Searches and bids are half
 * and half; CPU is the process's own, from outside.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { Part } from '../../local-stack/part.ts';
import { startService } from '../../testing/service.ts';
import type { Service } from '../../testing/service.ts';

const ROUNDS = 3;
const ROUND_S = 5;
const WARM_UP_S = 2;
const CONNECTIONS = 10;
const NO_TELEMETRY = import.meta.resolve('./no-telemetry.ts');
const SINK = fileURLToPath(import.meta.resolve('./trace-sink.ts'));
const CLI = join(import.meta.dirname, '../../../core-service/src/cli.ts');

interface Mode {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly preload?: string;
}
interface Pair {
  readonly name: string;
  readonly core: Service;
  readonly gateway: Service;
}
/** The figures of one round: requests a second, and each service's CPU milliseconds a request. */
interface Round {
  readonly rate: number;
  readonly gatewayMs: number;
  readonly coreMs: number;
}

const dataDir = mkdtempSync(join(tmpdir(), 'aura-bench-'));
const silent = (): void => undefined;
const databaseEnv = { ...process.env, DATA_DIR: dataDir };
const parts = [
  new Part('database', 'dev', ['local-stack/database.ts'], databaseEnv, silent),
  new Part('sink', 'dev', [SINK], process.env, silent),
] as const;
const pairs: Pair[] = [];

try {
  const [database, sink] = await Promise.all(parts.map((part) => part.started()));
  const env = { DATABASE_URL: database?.url, DATABASE_POOL_SIZE: '1' };
  spawnSync(process.execPath, [CLI, 'db', 'seed'], { env: { ...process.env, ...env } });
  const otlp = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${sink?.port}` };
  const sampled = {
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.01',
  };
  const modes: readonly Mode[] = [
    { name: 'off', env: {}, preload: NO_TELEMETRY },
    { name: 'OTEL_SDK_DISABLED', env: { OTEL_SDK_DISABLED: 'true' } },
    { name: '1 % sampled', env: { ...otlp, ...sampled } },
    { name: 'all sampled', env: otlp },
  ];
  pairs.push(...(await Promise.all(modes.map((mode) => startPair(mode, env)))));
  for (const pair of pairs) await load(pair, WARM_UP_S);

  const rounds = new Map(pairs.map(({ name }): [string, Round[]] => [name, []]));
  for (let i = 0; i < ROUNDS; i++) {
    // Each round begins with another mode, so that none profits from its place.
    const order = [...pairs.slice(i % pairs.length), ...pairs.slice(0, i % pairs.length)];
    for (const pair of order) rounds.get(pair.name)?.push(await load(pair, ROUND_S));
  }
  console.log(`${ROUNDS} rounds of ${ROUND_S} s, ${CONNECTIONS} connections; median (least–most)`);
  print(rounds);
} finally {
  await Promise.all(pairs.map(({ gateway }) => gateway.stop()));
  await Promise.all(pairs.map(({ core }) => core.stop()));
  for (const part of parts) await part.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function startPair({ name, env, preload }: Mode, database: NodeJS.ProcessEnv): Promise<Pair> {
  const options = { quiet: true, ...(preload !== undefined && { preload }) };
  const core = await startService(
    'core-service',
    { ...database, ...env, GRPC_PORT: '0', PRICING_SECRET: 'only for this bench' },
    options,
  );
  const target = { CORE_SERVICE_HOST: `127.0.0.1:${core.port}` };
  const gateway = await startService('api-gateway', { ...env, ...target, HTTP_PORT: '0' }, options);
  return { name, core, gateway };
}

async function load({ core, gateway }: Pair, seconds: number): Promise<Round> {
  const before = [cpuMs(gateway.pid), cpuMs(core.pid)] as const;
  const bid = { item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:bench' };
  const result = await autocannon({
    url: `http://127.0.0.1:${gateway.port}`,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      post('/v1/search', { query: 'cheap place near the beach in Bali' }),
      post('/v1/negotiate', bid),
    ],
  });
  if (result.non2xx + result.errors > 0)
    throw new Error('some requests were not answered with 200');
  const { total } = result.requests;
  return {
    rate: total / result.duration,
    gatewayMs: (cpuMs(gateway.pid) - before[0]) / total,
    coreMs: (cpuMs(core.pid) - before[1]) / total,
  };
}

function post(path: string, body: object): autocannon.Request {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}

/** @returns the CPU time that a process has used so far, in milliseconds */
function cpuMs(pid: number): number {
  if (existsSync('/proc/self/stat')) {
    // The 14th and 15th fields, counted past the name in brackets, are hundredths of a second.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
  const time = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' });
  return time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1_000;
}

function print(rounds: ReadonlyMap<string, readonly Round[]>): void {
  const off = rounds.get('off') ?? [];
  const cpu = (round: Round | undefined): number =>
    round ? round.gatewayMs + round.coreMs : Number.NaN;
  row('', 'req/s', 'gateway CPU ms/req', 'core CPU ms/req', 'req/s : off', 'CPU : off');
  for (const [name, each] of rounds) {
    const rates = each.map(({ rate }) => rate);
    const gateway = each.map(({ gatewayMs }) => gatewayMs);
    const core = each.map(({ coreMs }) => coreMs);
    const rateRatios = each.map(({ rate }, i) => rate / (off[i]?.rate ?? Number.NaN));
    const cpuRatios = each.map((round, i) => cpu(round) / cpu(off[i]));
    row(name, summary(rates, 0), ...[gateway, core, rateRatios, cpuRatios].map((x) => summary(x)));
  }
}

function row(name: string, ...cells: readonly string[]): void {
  console.log(name.padEnd(18) + cells.map((cell) => cell.padStart(20)).join(''));
}

function summary(values: readonly number[], digits = 2): string {
  const sorted = values.toSorted((a, b) => a - b).map((value) => value.toFixed(digits));
  return `${sorted[Math.floor(sorted.length / 2)]} (${sorted[0]}–${sorted.at(-1)})`;
}
