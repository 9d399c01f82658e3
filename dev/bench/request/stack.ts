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

export interface Stack {
  readonly name: string;
  readonly core: Program;
  readonly gateway: Program;
  readonly url: string;
  stop(): Promise<void>;
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
  const port = await freePortPair();
  const core = await startCore(variant, shared, port + 1);
  try {
    const gateway = await startService('api-gateway', variant, shared, {
      CORE_SERVICE_HOST: `127.0.0.1:${core.started.port}`,
      HTTP_PORT: '0',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    });
    return {
      name,
      core,
      gateway,
      url: `http://127.0.0.1:${gateway.started.port}`,
      stop: async () => {
        await gateway.stop();
        await core.stop();
      },
    };
  } catch (error) {
    await core.stop();
    throw error;
  }
}

function startCore(variant: Variant, shared: Shared, metricsPort: number): Promise<Program> {
  return startService('core-service', variant, shared, {
    DATABASE_URL: shared.databaseUrl,
    DATABASE_POOL_SIZE: String(shared.poolSize),
    PRICING_SECRET: 'only for this bench',
    GRPC_PORT: '0',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
  });
}

function startService(
  folder: ServiceFolder,
  { isBare = false, isUnpatched = false, root = ROOT, env = {} }: Variant,
  { sinkPort, recording }: Shared,
  own: NodeJS.ProcessEnv,
): Promise<Program> {
  const preload = isUnpatched ? NO_TELEMETRY : undefined;
  const bare = folder === 'core-service' ? [BARE_CORE, recording] : [BARE_GATEWAY];
  return Program.start(folder, {
    // All variants have the same heap.
    args: isBare ? [...heapFlags(folder), ...bare] : serviceArgs(folder, { preload, root }),
    cwd: join(root, folder),
    env: {
      // As the images have it.
      MALLOC_ARENA_MAX: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${sinkPort}`,
      ...own,
      ...env,
    },
  });
}
