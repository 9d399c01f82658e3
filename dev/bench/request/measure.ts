import type { Database } from './database.ts';
import type { Job, Load } from './load.ts';
import type { Usage } from './meter.ts';
import type { Program } from './program.ts';
import type { Fleet } from './stack.ts';

/** One variant under one load, once. */
export interface Round extends Load {
  readonly requests: number;
  /** CPU milliseconds a request, of all replicas together; Postgres's are undefined where they are not seen. */
  readonly gatewayMs: number;
  readonly coreMs: number;
  readonly postgresMs: number | undefined;
  /** Kilobytes (1,000 bytes) a request on the JavaScript heap. */
  readonly gatewayKb: number;
  readonly coreKb: number;
  /** Megabytes (2^20 bytes) at the end of the round. */
  readonly gatewayMb: number;
  readonly coreMb: number;
}

/** Puts a fleet under a load and reads what it used meanwhile. @throws when an answer was wrong */
export async function measureRound(
  load: Program,
  { gateways, cores, urls, name }: Fleet,
  database: Database,
  job: Omit<Job, 'url'>,
): Promise<Round> {
  const { requests } = job;
  const meters = [...gateways, ...cores, database];
  await Promise.all(meters.map((each) => each.begin()));
  const loaded = await load.ask<Load>({ job: { ...job, url: urls } });
  const [g, c, postgres] = await Promise.all([used(gateways), used(cores), database.end()]);
  if (loaded.wrong > 0) {
    throw new Error(
      `${name}: ${loaded.wrong} of ${requests} answers to ${job.scenario} were wrong`,
    );
  }
  const kb = ({ allocatedBytes }: Usage): number => allocatedBytes / 1_000 / requests;
  const mb = ({ rssBytes }: Usage): number => rssBytes / 2 ** 20;
  return {
    ...loaded,
    requests,
    gatewayMs: g.cpuMs / requests,
    coreMs: c.cpuMs / requests,
    postgresMs: postgres === undefined ? undefined : postgres / requests,
    gatewayKb: kb(g),
    coreKb: kb(c),
    gatewayMb: mb(g),
    coreMb: mb(c),
  };
}

/** @returns what the programs used together since `begin` */
async function used(programs: readonly Program[]): Promise<Usage> {
  const each = await Promise.all(programs.map((program) => program.end()));
  const sum = (of: keyof Usage): number => each.reduce((all, usage) => all + usage[of], 0);
  return {
    cpuMs: sum('cpuMs'),
    rssBytes: sum('rssBytes'),
    allocatedBytes: sum('allocatedBytes'),
  };
}
