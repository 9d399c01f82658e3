/** The memory of both services while they are under load. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Usage } from '../request/meter.ts';
import type { Stack } from '../request/stack.ts';

/** Milliseconds between two looks at the memory. */
const MEMORY_EVERY_MS = 1_000;

/** Megabytes resident, by the milliseconds since the surge began. */
export interface Memory {
  readonly atMs: number;
  readonly gatewayMb: number;
  readonly coreMb: number;
}

/** @returns stops it, after the look that is under way */
export function watchMemory({ gateway, core }: Stack, memory: Memory[]): () => Promise<void> {
  const began = performance.now();
  const stop = new AbortController();
  const mb = ({ rssBytes }: Usage): number => rssBytes / 2 ** 20;
  const watch = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const [g, c] = await Promise.all([gateway.end(), core.end()]);
      memory.push({ atMs: performance.now() - began, gatewayMb: mb(g), coreMb: mb(c) });
      await wait(MEMORY_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const watched = watch();
  return async () => {
    stop.abort();
    await watched;
  };
}
