/** The processes of one variant, and what they share. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePortPair } from '../../testing/free-ports.ts';
import type { ServiceFolder } from '../../testing/service-args.ts';
import { heapFlags, serviceArgs } from '../../testing/service-args.ts';
import { Program } from './program.ts';
import type { Variant } from './variants.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NO_TELEMETRY = import.meta.resolve('./no-telemetry.ts');
const BARE_CORE = fileURLToPath(import.meta.resolve('./bare/core.ts'));
const BARE_GATEWAY = fileURLToPath(import.meta.resolve('./bare/gateway.ts'));

/** Gateways that each spread their calls over all of the cores. */
export interface Fleet {
  readonly name: string;
  readonly cores: readonly Replica[];
  readonly gateways: readonly Replica[];
  /** The addresses of the gateways. */
  readonly urls: readonly string[];
  stop(): Promise<void>;
}

export interface Replica extends Program {
  readonly metricsPort: number;
}

/** One core, and one gateway before it. */
export interface Stack extends Fleet {
  readonly core: Program;
  readonly gateway: Program;
  readonly url: string;
}

/** What the stacks of all variants share. */
export interface Shared {
  readonly databaseUrl: string;
  readonly poolSize: number;
  /** The port of the collector. */
  readonly sinkPort: number | undefined;
  /** The file with what core asks the database, for the bare path. */
  readonly recording: string;
}

export async function startStack(name: string, variant: Variant, shared: Shared): Promise<Stack> {
  const fleet = await startFleet(name, variant, shared, { cores: 1, gateways: 1 });
  const [[core], [gateway], [url]] = [fleet.cores, fleet.gateways, fleet.urls];
  if (!core || !gateway || url === undefined) throw new RangeError('a stack has one of each');
  return { ...fleet, core, gateway, url };
}

export async function startFleet(
  name: string,
  variant: Variant,
  shared: Shared,
  size: { readonly cores: number; readonly gateways: number },
): Promise<Fleet> {
  const cores: Replica[] = [];
  const gateways: Replica[] = [];
  const stop = async (): Promise<void> => {
    for (const each of [...gateways, ...cores]) await each.stop();
  };
  try {
    while (cores.length < size.cores) cores.push(await startCore(variant, shared));
    const addresses = cores.map(({ started }) => `127.0.0.1:${started.port}`);
    while (gateways.length < size.gateways) {
      gateways.push(
        await startService('api-gateway', variant, shared, {
          CORE_SERVICE_HOST: cores.length === 1 ? addresses.join() : `ipv4:${addresses.join()}`,
          HTTP_PORT: '0',
        }),
      );
    }
    const urls = gateways.map(({ started }) => `http://127.0.0.1:${started.port}`);
    return { name, cores, gateways, urls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function startCore(variant: Variant, shared: Shared): Promise<Replica> {
  return startService('core-service', variant, shared, {
    DATABASE_URL: shared.databaseUrl,
    DATABASE_POOL_SIZE: String(shared.poolSize),
    PRICING_SECRET: 'only for this bench',
    GRPC_PORT: '0',
  });
}

async function startService(
  folder: ServiceFolder,
  { isBare = false, isUnpatched = false, root = ROOT, env = {} }: Variant,
  { sinkPort, recording }: Shared,
  own: NodeJS.ProcessEnv,
): Promise<Replica> {
  const metricsPort = await freePortPair();
  const preload = isUnpatched ? NO_TELEMETRY : undefined;
  const bare = folder === 'core-service' ? [BARE_CORE, recording] : [BARE_GATEWAY];
  const program = await Program.start(folder, {
    // All variants have the same heap.
    args: isBare ? [...heapFlags(folder), ...bare] : serviceArgs(folder, { preload, root }),
    cwd: join(root, folder),
    env: {
      // As the images have it.
      MALLOC_ARENA_MAX: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${sinkPort}`,
      OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
      ...own,
      ...env,
    },
  });
  return Object.assign(program, { metricsPort });
}
