/** Breaks one thing after the other, in an order that the seed decides. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ProxyFault } from '../faults/fault-proxy.ts';
import type { Random } from './random.ts';
import type { SoakStack } from './stack.ts';

type Injection = (stack: SoakStack, random: Random) => Promise<void>;

const lasting = async (
  random: Random,
  [from, to]: readonly [number, number],
  begin: () => unknown,
  end: () => unknown,
): Promise<void> => {
  await begin();
  await wait(random.int(from, to));
  await end();
};

const database =
  (fault: ProxyFault): Injection =>
  async ({ databaseProxies }, random) => {
    const proxy = random.pick(databaseProxies);
    await lasting(
      random,
      [500, 3_000],
      () => proxy.set(fault),
      () => proxy.set('none'),
    );
  };
const model =
  (fault: string): Injection =>
  async ({ setModelFault }, random) =>
    lasting(
      random,
      [1_000, 5_000],
      () => setModelFault(fault),
      () => setModelFault('none'),
    );

/** Ends the first core and starts another in its place, as an orchestrator does. */
const replaced =
  (end: (stack: SoakStack) => unknown): Injection =>
  (stack, random) =>
    lasting(
      random,
      [200, 1_500],
      () => end(stack),
      () => stack.restartFirstCore(),
    );

const INJECTIONS: Readonly<Record<string, Injection>> = {
  'core kill -9': replaced(({ cores: [core] }) => core.kill()),
  'core SIGTERM': replaced(({ cores: [core] }) => core.stop()),
  'core SIGSTOP': async ({ cores }, random) => {
    const { pid } = random.pick(cores);
    const signal = (name: NodeJS.Signals) => () => process.kill(pid, name);
    await lasting(random, [500, 3_000], signal('SIGSTOP'), signal('SIGCONT'));
  },
  'database refused': database('refuse'),
  'database reset': database('reset'),
  'database black hole': database('black_hole'),
  'database half open': database('half_open'),
  'database slow': database({ delayMs: 40 }),
  'database restarts': async ({ query }) => {
    await query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like 'aura-core%' and datname = current_database()`);
  },
  'model 500': model('500'),
  'model hangs': model('hanging'),
  'model malformed': model('malformed'),
  'model hostile': model('hostile'),
  'model slow': model('slow'),
  'collector black hole': async ({ collectorProxy: proxy }, random) =>
    lasting(
      random,
      [1_000, 4_000],
      () => proxy.set('black_hole'),
      () => proxy.set('none'),
    ),
};

/** Breaks things until the signal, and mends what is broken then. @returns how often each was broken */
export async function injectFaults(
  stack: SoakStack,
  random: Random,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const done = new Map<string, number>();
  while (!signal.aborted) {
    const name = random.pick(Object.keys(INJECTIONS));
    await INJECTIONS[name]?.(stack, random);
    done.set(name, (done.get(name) ?? 0) + 1);
    await wait(random.int(300, 2_500));
  }
  return done;
}
