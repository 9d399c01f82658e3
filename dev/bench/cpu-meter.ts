import { readServerCpu } from './request/postgres-cpu.ts';

/** CPU milliseconds; they say more than times on a machine that does other work too. */
export interface Cpu {
  /** Of this process. */
  readonly here: number;
  /** Of the backends of a native Postgres on this machine, else 0; an embedded one is a part of `here`. */
  readonly postgres: number;
}

/** Runs work and tells what it used. Backends that end meanwhile are not counted. */
export async function metered(databaseUrl: string, work: () => Promise<unknown>): Promise<Cpu> {
  const database = new URL(databaseUrl).pathname.slice(1);
  const before = readServerCpu(database);
  const ours = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(ours);
  let postgres = 0;
  for (const [pid, ms] of readServerCpu(database)) postgres += ms - (before.get(pid) ?? 0);
  return { here: (user + system) / 1_000, postgres };
}
