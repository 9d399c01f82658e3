import { performance } from 'node:perf_hooks';
import { pino } from 'pino';

/** Milliseconds that a line may wait for others while lines come one after the other. */
const HOLD_MS = 20;
/** Characters that are held at most. */
const MAX_HELD = 64 * 1024;
/** Lines of this level of pino's, `error`, and above are written at once. */
const AT_ONCE = 50;

/** Takes the lines of a log and writes them in pieces. */
export interface LogOutput {
  write(line: string): void;
  /** Writes what is held. A process does it at its end. */
  flushSync(): void;
}

/**
 * Writes lines to stdout. Under load those of 20 ms are written in one piece, because a system call for
 * each line costs more than all else that the line costs; a line that comes alone is written when the
 * turn of the event loop ends. A process that is killed loses what it holds.
 *
 * @param alsoTo hears of each line at once
 */
export function openLogOutput(alsoTo?: (line: string) => void): LogOutput {
  const stdout = pino.destination({ fd: 1, sync: true });
  let held = '';
  let writtenAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const output = {
    // It has pino tell the level of each line.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write: (line: string): void => {
      const isFirst = held === '';
      held += line;
      alsoTo?.(line);
      if (output.lastLevel >= AT_ONCE || held.length >= MAX_HELD) flushSync();
      else if (isFirst && performance.now() - writtenAt >= HOLD_MS) setImmediate(flushSync);
      else if (isFirst) timer = setTimeout(flushSync, HOLD_MS).unref();
    },
    flushSync,
  };

  function flushSync(): void {
    clearTimeout(timer);
    const lines = held;
    held = '';
    writtenAt = performance.now();
    if (lines !== '') stdout.write(lines);
  }
  return output;
}
