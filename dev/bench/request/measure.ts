import type { Database } from './database.ts';
import type { Job, Load } from './load.ts';
import type { Usage } from './meter.ts';
import type { Program } from './program.ts';
import type { Stack } from './stack.ts';

/** One variant under one load, once. */
export interface Round extends Load {
  readonly requests: number;
  /** CPU milliseconds a request; Postgres's are undefined where they are not seen. */
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

/** Puts a stack under a load and reads what it used meanwhile. @throws when an answer was wrong */
export async function measureRound(
  load: Program,
  { gateway, core, url, name }: Stack,
  database: Database,
  job: Omit<Job, 'url'>,
): Promise<Round> {
  const { requests } = job;
  await Promise.all([gateway.begin(), core.begin(), database.begin()]);
  const loaded = await load.ask<Load>({ job: { ...job, url } });
  const [g, c, postgres] = await Promise.all([gateway.end(), core.end(), database.end()]);
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
