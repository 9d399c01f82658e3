/**
 * Each process of the bench preloads this. It tells its parent over IPC what the process used between
 * two messages, profiles it on demand, and ends it when the parent is gone.
 *
 * Node 24 counts no bytes allocated. V8's GCProfiler tells the heap before and after each collection;
 * the growth between them is what was allocated.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { GCProfiler } from 'node:v8';
import { lastPart } from './self-time.ts';
import type { GCProfilerResult } from 'node:v8';

/** A process used this between `begin` and `end`. */
export interface Usage {
  /** Of all threads, user and system. */
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** On the JavaScript heap, without the bytes of buffers. */
  readonly allocatedBytes: number;
}

export interface Question {
  readonly ask: 'begin' | 'end' | 'profile' | 'mark' | 'keep';
  /** The file that `keep` writes the profile to. */
  readonly file?: string;
}

/** Microseconds between two samples of a profile. */
const SAMPLING_US = 500;

/** Until the first `begin` it counts from the start of the process. */
let cpu: NodeJS.CpuUsage = { user: 0, system: 0 };
let heap = 0;
let collections: GCProfiler | undefined;
const inspector = new Session();
let marked = 0;

const answers = {
  begin: () => {
    collections = new GCProfiler();
    collections.start();
    heap = process.memoryUsage().heapUsed;
    cpu = process.cpuUsage();
  },
  end: (): Usage => {
    const { user, system } = process.cpuUsage(cpu);
    const { heapUsed, rss } = process.memoryUsage();
    const allocatedBytes = growth(collections?.stop(), heap, heapUsed);
    return { cpuMs: (user + system) / 1_000, rssBytes: rss, allocatedBytes };
  },
  /** Samples from here on. V8 names only what it compiles from now on as it should. */
  profile: async () => {
    inspector.connect();
    await inspector.post('Profiler.enable');
    await inspector.post('Profiler.setSamplingInterval', { interval: SAMPLING_US });
    await inspector.post('Profiler.start');
  },
  /** The profile that is kept begins here. */
  mark: () => {
    marked = performance.now();
  },
  keep: async ({ file = '' }: Question) => {
    const us = (performance.now() - marked) * 1_000;
    const { profile } = await inspector.post('Profiler.stop');
    inspector.disconnect();
    writeFileSync(file, JSON.stringify(lastPart(profile, us)));
  },
};

function growth(result: GCProfilerResult | undefined, before: number, after: number): number {
  let allocated = 0;
  let level = before;
  for (const { beforeGC, afterGC } of result?.statistics ?? []) {
    allocated += beforeGC.heapStatistics.usedHeapSize - level;
    level = afterGC.heapStatistics.usedHeapSize;
  }
  return allocated + after - level;
}

process.on('message', (question: Question) => {
  if (!(question.ask in answers)) return;
  void Promise.resolve(answers[question.ask](question)).then((answer) =>
    process.send?.({ answer: answer ?? null }),
  );
});
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel alone keeps no process alive.
process.channel?.unref();
