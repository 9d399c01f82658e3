/** A collector as a process of its own, with a configuration of the manifests and this machine's places. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePortPair } from '../testing/free-ports.ts';
import { KUBERNETES } from './manifests.ts';
import { pathOf } from './tools.ts';

/** A configuration of the collector, as far as the tests change it. */
export interface CollectorConfig {
  receivers: { otlp: { protocols: { grpc: { endpoint: string } } } };
  processors: Record<string, Record<string, unknown>>;
  exporters: Record<string, Record<string, unknown>>;
  extensions: { health_check: { endpoint: string } };
  service: { telemetry: unknown };
}

export interface Collector {
  readonly pid: number;
  readonly port: number;
  /** Ends it as Kubernetes does, if it runs, and waits until it has sent all that it had. */
  stop(): Promise<void>;
}

export function readCollectorConfig(name: 'agent' | 'gateway'): CollectorConfig {
  const path = join(KUBERNETES, 'components/collector', `${name}.yaml`);
  return parse(readFileSync(path, 'utf8')) as CollectorConfig;
}

/** Starts the agent of a node before gateways at these ports, in the place of the addresses that a name leads to. */
export function startAgentBefore(...ports: readonly number[]): Promise<Collector> {
  const config = readCollectorConfig('agent');
  const hostnames = ports.map((port) => `127.0.0.1:${port}`);
  config.exporters['loadbalancing'] = {
    ...config.exporters['loadbalancing'],
    resolver: { static: { hostnames } },
  };
  return startCollector(config);
}

/** @returns once it takes spans, on a free port */
export async function startCollector(
  config: CollectorConfig,
  env: NodeJS.ProcessEnv = {},
): Promise<Collector> {
  const port = await freePortPair();
  const health = `127.0.0.1:${port + 1}`;
  config.receivers.otlp.protocols.grpc.endpoint = `127.0.0.1:${port}`;
  config.extensions.health_check.endpoint = health;
  config.service.telemetry = { metrics: { level: 'none' }, logs: { level: 'warn' } };
  const folder = mkdtempSync(join(tmpdir(), 'aura-collector-'));
  const file = join(folder, 'config.yaml');
  writeFileSync(file, stringify(config));
  const child = spawn(pathOf('collector'), [`--config=${file}`], {
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  for (let ready = false; !ready;) {
    if (child.exitCode !== null) throw new Error(`the collector ended with ${child.exitCode}`);
    const answer = await fetch(`http://${health}/`).catch(() => undefined);
    ready = answer?.ok === true;
    if (!ready) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    pid: child.pid as number,
    port,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
