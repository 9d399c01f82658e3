import { pino } from 'pino';

/** Characters that are held back at most, however long a turn of the event loop takes. */
const MAX_HELD = 64 * 1024;

/** Takes the lines of a log; they are written when the turn of the event loop ends. */
export interface LogOutput {
  write(line: string): void;
  /** Writes what is held back. A process does it at its end. */
  flushSync(): void;
}

/**
 * Writes to stdout the lines of each turn of the event loop in one piece: a system call for each line
 * costs more than all else that the line costs. A process that is killed loses the lines of the turn.
 */
export function openLogOutput(): LogOutput {
  const stdout = pino.destination({ fd: 1, sync: true });
  let held = '';
  const flushSync = (): void => {
    const lines = held;
    held = '';
    if (lines !== '') stdout.write(lines);
  };
  return {
    write: (line) => {
      if (held === '') setImmediate(flushSync);
      held += line;
      if (held.length >= MAX_HELD) flushSync();
    },
    flushSync,
  };
}
