/** What a trace costs the collectors of the manifests: the services send theirs through both. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Collector } from '../../deploy/collector-process.ts';
import {
  readCollectorConfig,
  startAgentBefore,
  startCollector,
} from '../../deploy/collector-process.ts';
import type { Load } from '../request/load.ts';
import { cpuMs } from '../request/postgres-cpu.ts';
import { startSurroundings, warmUp } from '../request/run.ts';
import { SCENARIOS } from '../request/scenarios.ts';
import { startStack } from '../request/stack.ts';
import { VARIANTS } from '../request/variants.ts';

const REQUESTS = 10_000;
const CONNECTIONS = 16;
/** Milliseconds after which every trace was decided and sent on: `decision_wait`, and the batches before and after. */
const DECIDED_MS = 14_000;

/** Prints the CPU of a trace in each collector, for bids and for searches. @param url names a Postgres to make a database in */
export async function measureCollectors(url: string | undefined): Promise<void> {
  const closes: (() => Promise<void>)[] = [];
  const noting = async <T>(starting: Promise<T>, close: (started: T) => Promise<void>) => {
    const started = await starting;
    closes.push(() => close(started));
    return started;
  };
  try {
    const surroundings = await noting(startSurroundings(url, false), (each) => each.close());
    const traces = {
      TRACES_ENDPOINT: `127.0.0.1:${surroundings.sinkPort}`,
      TRACES_INSECURE: 'true',
    };
    const gateway = await noting(startCollector(readCollectorConfig('gateway'), traces), stop);
    const agent = await noting(startAgentBefore(gateway.port), stop);
    const shared = { ...surroundings, sinkPort: agent.port };
    const stack = await noting(startStack('all', VARIANTS['all'] ?? { says: '' }, shared), stop);
    const collectors = { 'of the node': agent, 'that decides': gateway };
    for (const scenario of ['bid', 'search']) {
      await warmUp(surroundings, [stack], scenario);
      await wait(DECIDED_MS);
      const before = Object.values(collectors).map(cpuOf);
      const job = { url: stack.url, scenario, connections: CONNECTIONS, requests: REQUESTS };
      const { wrong } = await surroundings.load.ask<Load>({ job });
      await wait(DECIDED_MS);
      console.log(`${REQUESTS} traces of ${SCENARIOS[scenario]?.says}, ${wrong} wrong answers`);
      for (const [i, [name, collector]] of Object.entries(collectors).entries()) {
        const ms = (cpuOf(collector) - (before[i] ?? 0)) / REQUESTS;
        console.log(
          `  collector ${name}: ${ms.toFixed(3)} ms of CPU a trace, ${memoryOf(collector)}`,
        );
      }
    }
  } finally {
    for (const close of closes.toReversed()) await close();
  }
}

const stop = (started: { stop(): Promise<void> }): Promise<void> => started.stop();

function cpuOf({ pid }: Collector): number {
  return cpuMs(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? Number.NaN;
}

/** The most that it has held so far. */
function memoryOf({ pid }: Collector): string {
  const [, kB] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return `${(Number(kB) / 1_000).toFixed(0)} MB at most`;
}
