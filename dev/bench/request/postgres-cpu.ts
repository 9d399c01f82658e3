/**
 * CPU time of a Postgres server's backends. A backend's title names its database, and Linux shows titles
 * and times of all processes to everybody, those of containers included. Where the server runs on
 * another machine, in a virtual one, or without titles, there is nothing to see.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts CPU time for its readers in hundredths of a second. */
const TICK_MS = 10;

/** @returns CPU milliseconds so far of each backend of the database, by process id */
export function readServerCpu(database: string): Map<number, number> {
  const used = new Map<number, number>();
  for (const pid of processes()) {
    const title = read(`/proc/${pid}/cmdline`);
    if (!title.startsWith('postgres: ') || !title.includes(` ${database} `)) continue;
    // Its work is not that of a request.
    if (title.includes('autovacuum')) continue;
    const ms = cpuMs(read(`/proc/${pid}/stat`));
    if (ms !== undefined) used.set(pid, ms);
  }
  return used;
}

/**
 * @param stat the text of /proc/PID/stat
 * @returns user and system time, or undefined when the process has ended
 */
export function cpuMs(stat: string): number | undefined {
  // These are the 14th and 15th fields; the second one, in brackets, may have blanks in it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? undefined : ticks * TICK_MS;
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** @returns the empty string for a process that has ended */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
