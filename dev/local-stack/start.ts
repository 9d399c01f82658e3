/**
 * Starts the whole of Aura in one command: the embedded database, the offline model, core and the
 * gateway, each as a process of its own. `--fresh` starts over with an empty database.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { Command } from 'commander';
import pretty from 'pino-pretty';
import { keepReceiptKeys } from '../../core-service/src/cli/deals-receipts.ts';
import { keepPricingSecret } from '../../core-service/src/cli/pricing-secret.ts';
import { telemetryProblems } from '../../core-service/src/telemetry-variables.ts';
import { serviceArgs } from '../testing/service-args.ts';
import { shellUrl, urlHost } from './address.ts';
import { useEnvFile } from './env-file.ts';
import { Part, PartEndedError } from './part.ts';
import { dropSharedName } from './shared-name.ts';
import { planTraces } from './traces.ts';

const ROOT = join(import.meta.dirname, '../..');
const { fresh = false } = new Command('npx -y pnpm@12 start')
  .description('starts the whole of Aura: database, model, core and gateway, each a process')
  .option('--fresh', 'starts over with an empty database')
  .addHelpText('after', '\ndocs/configuration.md lists the variables that it reads.')
  .parse()
  .opts<{ readonly fresh?: boolean }>();
if (!useEnvFile(join(ROOT, '.env'), process.env)) process.exit(1);
// An empty variable, as a .env file has them, counts as absent.
const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value));
const dataDir = resolve(ROOT, env['DATA_DIR'] ?? '.data');
mkdirSync(dataDir, { recursive: true });
env['DATA_DIR'] = dataDir;
if (!env['PRICING_SECRET']) {
  env['PRICING_SECRET_FILE'] ??= join(dataDir, 'pricing-secret');
  keepPricingSecret(env['PRICING_SECRET_FILE']);
}
if (!env['RECEIPT_KEYS']) {
  env['RECEIPT_KEYS_FILE'] ??= join(dataDir, 'receipt-keys.json');
  keepReceiptKeys(env['RECEIPT_KEYS_FILE']);
}
env['SHUTDOWN_GRACE_MS'] ??= '2000';
// The service itself says that a port is taken; grpc-js would say it a second time.
env['GRPC_VERBOSITY'] ??= 'NONE';
for (const line of dropSharedName(env)) console.error(line);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log = process.stdout.isTTY ? pretty({ ...prettyLog(), sync: true }) : process.stdout;
/** Prints the trees of the trace receiver; the line in which it says that it listens is left out. */
const traceLog = { write: (line: string) => line.startsWith('{') || process.stdout.write(line) };
const parts: Part[] = [];
let stopping = false;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));

try {
  await start();
} catch (error) {
  if (!stopping && !(error instanceof PartEndedError)) console.error((error as Error).message);
  await stop(1);
}

async function start(): Promise<void> {
  // The traces are planned before a service could say what is wrong with their variables.
  const problems = telemetryProblems(env);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const database = env['DATABASE_URL'] ? undefined : run('database', 'dev', databaseArgs());
  if (!database && fresh) throw new Error('--fresh is for the embedded database, not DATABASE_URL');
  const model = env['MISTRAL_API_KEY']
    ? undefined
    : run('model', 'dev', ['offline-mistral/main.ts']);
  if (database) {
    env['DATABASE_URL'] = (await database.started()).url;
    env['DATABASE_POOL_SIZE'] = '1';
    say(`Database: embedded, kept in ${dataDir}; ${env['DATABASE_URL']}`);
  } else {
    databaseTool('migrate');
  }
  if (model) {
    env['OFFLINE_MODEL_URL'] = (await model.started()).url;
    say('Model: an offline stand-in plays it; set MISTRAL_API_KEY to use Mistral.');
  }
  databaseTool('seed', '--if-needed');

  await startTraceReceiver();
  // One variable serves two services: the gateway takes the port that it names, core the next one.
  const metrics = env['OTEL_EXPORTER_PROMETHEUS_PORT'];
  if (Number(metrics) > 0) env['OTEL_EXPORTER_PROMETHEUS_PORT'] = String(Number(metrics) + 1);
  const core = run('core', 'core-service', serviceArgs('core-service'), log);
  const { port } = await core.started();
  // The gateway uses this core unless CORE_SERVICE_HOST names another.
  env['CORE_SERVICE_HOST'] ??= `${urlHost(env['GRPC_HOST'] ?? '127.0.0.1')}:${port}`;
  if (metrics) env['OTEL_EXPORTER_PROMETHEUS_PORT'] = metrics;
  const gateway = run('gateway', 'api-gateway', serviceArgs('api-gateway'), log);
  const host = urlHost(env['HTTP_HOST'] ?? '127.0.0.1');
  welcome(`http://${host}:${(await gateway.started()).port}`);
}

/** Starts the trace receiver, which prints the traces, unless a collector listens there already. */
async function startTraceReceiver(): Promise<void> {
  const { said, receiver } = await planTraces(env);
  if (!receiver) return say(said);
  env['TRACE_RECEIVER_HOST'] = receiver.host;
  env['TRACE_RECEIVER_PORT'] = String(receiver.port);
  const { query_url: queryUrl } = await run(
    'traces',
    'dev',
    ['trace-receiver/main.ts'],
    traceLog,
  ).started();
  say(`${said}; ${queryUrl}`);
}

function databaseArgs(): string[] {
  return ['local-stack/database.ts', ...(fresh ? ['--fresh'] : [])];
}

function run(
  name: string,
  folder: string,
  args: string[],
  to?: { write(line: string): unknown },
): Part {
  const part = new Part(name, folder, args, env, (line) => to?.write(`${line}\n`));
  parts.push(part);
  void stopWith(part);
  return part;
}

async function stopWith(part: Part): Promise<void> {
  await part.ended;
  if (stopping) return;
  console.error(`${part.name} has ended; the others are stopped too.`);
  await stop(1);
}

/** Runs a `db` command of core's command line and waits for its end. */
function databaseTool(...args: string[]): void {
  const cli = join(ROOT, 'core-service/src/cli.ts');
  const { status } = spawnSync(process.execPath, [cli, 'db', ...args], { env, stdio: 'inherit' });
  // The command has said on stderr why it failed.
  if (status !== 0) throw new PartEndedError('database tool');
}

/** Stops the gateway first, so that what it has begun is still answered, and the database last. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) {
    for (const part of parts) part.kill();
    return;
  }
  stopping = true;
  for (const part of parts.toReversed()) await part.stop();
  process.exit(exitCode);
}

function prettyLog(): pretty.PrettyOptions {
  return {
    messageKey: 'event',
    timestampKey: 'timestamp',
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'service,logger,span_id,request_id',
    messageFormat: '{service} {event}',
    singleLine: true,
  };
}

function welcome(url: string): void {
  const bid = shellUrl(`${url}/v1/negotiate`);
  const post = `-H 'content-type: application/json' -d`;
  say(`
Aura answers at ${url}
  docs    ${url}/docs
  search  curl -s ${shellUrl(`${url}/v1/search`)} ${post} '{"query":"cheap place near the beach in Bali"}'
  bid     curl -s ${bid} ${post} '{"item_id":"hostel_beta","bid_amount":40,"agent_did":"did:example:buyer"}'
  again   curl -s ${bid} ${post} '{"item_id":"hostel_beta","bid_amount":44,"agent_did":"did:example:buyer","session_token":"SESSION_TOKEN"}'
          with the session_token of the answer before

Ctrl-C stops everything; what was agreed stays in ${dataDir} (--fresh starts over).
`);
}
