/**
 * The whole of Aura in one command: embedded database, offline model, core, gateway, each a
 * process of its own. `--fresh` starts over with an empty database.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import pretty from 'pino-pretty';
import { keepPricingSecret } from '../../core-service/src/cli/pricing-secret.ts';
import { telemetryProblems } from '../../core-service/src/telemetry-variables.ts';
import { Part, PartEndedError } from './part.ts';
import { planTraces } from './traces.ts';

const ROOT = join(import.meta.dirname, '../..');
const fresh = process.argv.includes('--fresh');
const envFile = join(ROOT, '.env');
if (existsSync(envFile)) process.loadEnvFile(envFile);
// An empty variable, as a .env file has them, counts as absent.
const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value));
const dataDir = resolve(ROOT, env['DATA_DIR'] ?? '.data');
mkdirSync(dataDir, { recursive: true });
env['DATA_DIR'] = dataDir;
if (!env['PRICING_SECRET']) {
  env['PRICING_SECRET_FILE'] ??= join(dataDir, 'pricing-secret');
  keepPricingSecret(env['PRICING_SECRET_FILE']);
}
env['SHUTDOWN_GRACE_MS'] ??= '2000';
// A port that is taken is told by the service; grpc-js would say it a second time.
env['GRPC_VERBOSITY'] ??= 'NONE';
// Two services cannot share a name.
delete env['OTEL_SERVICE_NAME'];

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log = process.stdout.isTTY ? pretty({ ...prettyLog(), sync: true }) : process.stdout;
/** Trees only: that it listens is said in other words. */
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
  // One variable for two services: the gateway takes the port it names, core the next one.
  const metrics = env['OTEL_EXPORTER_PROMETHEUS_PORT'];
  if (Number(metrics) > 0) env['OTEL_EXPORTER_PROMETHEUS_PORT'] = String(Number(metrics) + 1);
  const core = run('core', 'core-service', service('./src/telemetry/preload.ts'), log);
  const { port } = await core.started();
  // Unless it was told to use another core, the gateway uses this one.
  env['CORE_SERVICE_HOST'] ??= `127.0.0.1:${port}`;
  if (metrics) env['OTEL_EXPORTER_PROMETHEUS_PORT'] = metrics;
  const gateway = run('gateway', 'api-gateway', service('./src/telemetry.ts'), log);
  welcome(`http://${env['HTTP_HOST'] ?? '127.0.0.1'}:${(await gateway.started()).port}`);
}

/** Takes the traces where no collector does, and prints them. */
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

/** A service with what is patched before it. */
function service(preload: string): string[] {
  return ['--import', preload, 'src/main.ts'];
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

/** Core's migrations or seed, to their end. */
function databaseTool(...args: string[]): void {
  const cli = join(ROOT, 'core-service/src/cli.ts');
  const { status } = spawnSync(process.execPath, [cli, 'db', ...args], { env, stdio: 'inherit' });
  // It has said why on stderr.
  if (status !== 0) throw new PartEndedError('database tool');
}

/** The gateway first, so that what it has begun is still answered; the database last. */
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
  const post = `-H 'content-type: application/json' -d`;
  say(`
Aura answers at ${url}
  docs    ${url}/docs
  search  curl -s ${url}/v1/search ${post} '{"query":"cheap place near the beach in Bali"}'
  bid     curl -s ${url}/v1/negotiate ${post} '{"item_id":"hostel_beta","bid_amount":40,"agent_did":"did:example:buyer"}'
  again   curl -s ${url}/v1/negotiate ${post} '{"item_id":"hostel_beta","bid_amount":44,"agent_did":"did:example:buyer","session_token":"SESSION_TOKEN"}'
          with the session_token of the answer before

Ctrl-C stops everything; what was agreed stays in ${dataDir} (--fresh starts over).
`);
}
