/** Two cores and two gateways, of which each is replaced while the others serve. */
import type { FaultProxy } from '../faults/fault-proxy.ts';
import { startFaultProxyFor } from '../faults/fault-proxy.ts';
import type { Service } from '../testing/service.ts';
import type { Release } from './release.ts';

/** Of each service. */
export const REPLICAS = [0, 1] as const;
type Replica = (typeof REPLICAS)[number];

export interface Fleet {
  /** The one address of the gateways, where connections are led to both in turn. */
  readonly url: string;
  /** An address of the first core, whichever process that is. */
  readonly corePort: number;
  /** Starts another core, has new connections lead there, and ends the one before by SIGTERM. */
  replaceCore(which: Replica, release: Release, env?: NodeJS.ProcessEnv): Promise<void>;
  replaceGateway(which: Replica, release: Release): Promise<void>;
  /** Ends them all. @returns the exit codes of every process that there was */
  stop(): Promise<(number | null)[]>;
  /** Counts what the services said of requests that they failed. */
  complaints(): Map<string, number>;
}

/** @param env variables of each core; those of a replacement are put over them */
export async function startFleet(first: Release, env: NodeJS.ProcessEnv): Promise<Fleet> {
  const exitCodes: (number | null)[] = [];
  const quiet = { OTEL_TRACES_EXPORTER: 'none' };
  const startCore = (release: Release, more: NodeJS.ProcessEnv = {}): Promise<Service> =>
    release.start('core-service', { ...quiet, GRPC_PORT: '0', ...env, ...more });
  const cores = [await startCore(first), await startCore(first)];
  // In the place of a name that leads to whichever core is the first or the second.
  const places = await Promise.all(cores.map((core) => startFaultProxyFor(urlOf(core))));
  const startGateway = (release: Release): Promise<Service> =>
    release.start('api-gateway', {
      ...quiet,
      HTTP_PORT: '0',
      CORE_SERVICE_HOST: `ipv4:${places.map(({ port }) => `127.0.0.1:${port}`).join()}`,
    });
  const gateways = [await startGateway(first), await startGateway(first)];
  const door = await startFaultProxyFor(urlOf(gateways[0] as Service));
  door.leadTo(...gateways.map(urlOf));

  const everybody = [...cores, ...gateways];

  async function replace(
    services: Service[],
    which: Replica,
    next: Service,
    lead: () => void,
  ): Promise<void> {
    const [before] = services.splice(which, 1, next);
    lead();
    exitCodes.push((await before?.stop()) ?? null);
  }
  return {
    url: `http://127.0.0.1:${door.port}`,
    corePort: (places[0] as FaultProxy).port,
    replaceCore: async (which, release, more) => {
      const next = await startCore(release, more);
      everybody.push(next);
      await replace(cores, which, next, () => places[which]?.leadTo(urlOf(next)));
    },
    replaceGateway: async (which, release) => {
      const next = await startGateway(release);
      everybody.push(next);
      await replace(gateways, which, next, () => door.leadTo(...gateways.map(urlOf)));
    },
    stop: async () => {
      for (const each of [...gateways, ...cores]) exitCodes.push(await each.stop());
      for (const proxy of [door, ...places]) await proxy.close();
      return exitCodes;
    },
    complaints: () => {
      const counts = new Map<string, number>();
      for (const line of everybody.flatMap(({ lines }) => lines)) {
        if (line['event'] !== 'request_failed' || line['level'] === 'info') continue;
        const words = wordsOf(line);
        if (words === undefined) continue;
        const why = `${String(line['service'])}, ${String(line['reason'])}: ${words}`;
        counts.set(why, (counts.get(why) ?? 0) + 1);
      }
      return counts;
    },
  };
}

/** What core said to a gateway, or Postgres to core; undefined where it was the caller's fault. */
function wordsOf({ grpc_message: said, err }: Service['lines'][number]): string | undefined {
  return typeof said === 'string'
    ? said
    : (err as { readonly message?: string } | undefined)?.message;
}

function urlOf({ port }: Service): string {
  return `http://127.0.0.1:${port}`;
}
