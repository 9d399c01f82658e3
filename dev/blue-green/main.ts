/**
 * `pnpm blue-green`: one embedding model takes the place of another while people search, and the other one
 * comes back. It needs a container engine, and exits with 1 when a search was not answered by meaning.
 */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { createOfflineMistral } from '../offline-mistral/server.ts';
import type { Fleet } from '../rollout/fleet.ts';
import { REPLICAS, startFleet } from '../rollout/fleet.ts';
import { thisRelease } from '../rollout/release.ts';
import { itemsAsCsv, room } from '../soak/items.ts';
import { listOf, tellComplaints, tellFigures } from '../soak/tell.ts';
import { docker, query, startPostgres } from '../testing/postgres-container.ts';
import { createSearchers } from './searchers.ts';

/** Items that are embedded anew, which takes seconds at the rate that a vendor is asked at. */
const ITEMS = 1_000;
/** Milliseconds of searches after each step. */
const STEP_MS = 4_000;
const REINDEX = ['inventory', 'reindex', '--yes'] as const;
const [BLUE, GREEN] = ['embed-blue', 'embed-green'] as const;

new Command('npx -y pnpm@12 blue-green')
  .description('has one embedding model take the place of another under searches, and come back')
  .parse();

const container = `aura-blue-green-${process.pid}`;
const release = await thisRelease();
const vendor = createOfflineMistral({ delayMs: 0 });
const vendorUrl = await vendor.listen({ host: '127.0.0.1', port: 0 });
try {
  const databaseUrl = await startPostgres(container);
  process.exitCode = (await goThereAndBack(databaseUrl)) ? 0 : 1;
} finally {
  await vendor.close();
  await docker('rm', '-fv', container).catch(() => undefined);
}

/** @returns true when every figure is 0 */
async function goThereAndBack(databaseUrl: string): Promise<boolean> {
  const env = (model: string, previous = 'none'): Record<string, string> => ({
    DATABASE_URL: databaseUrl,
    PRICING_SECRET: 'the secret of the models',
    MISTRAL_API_KEY: 'any',
    MISTRAL_SERVER_URL: vendorUrl,
    MISTRAL_EMBED_MODEL: model,
    MISTRAL_EMBED_MODEL_PREVIOUS: previous,
  });
  await stock(env(BLUE));
  const fleet = await startFleet(release, env(BLUE));
  const searchers = createSearchers(fleet.url);
  async function step(what: string, act?: () => Promise<void>): Promise<void> {
    await act?.();
    await wait(STEP_MS);
    console.log(`${what.padEnd(40)} ${listOf(searchers.since())}`);
    console.log(`${''.padEnd(40)} asked by ${listOf(await modelsAsked())}`);
    console.log(`${''.padEnd(40)} there are ${listOf(await vectorsOf(databaseUrl))}`);
  }
  await step(`cores of ${BLUE}`);
  await step(`cores that know ${GREEN} too`, () => replaceCores(fleet, env(GREEN, BLUE)));
  await step(`a reindex by ${GREEN}`, () => release.command(env(GREEN), ...REINDEX));
  await step(`back: cores of ${BLUE} that know both`, () => replaceCores(fleet, env(BLUE, GREEN)));
  await step(`a reindex by ${BLUE}`, () => release.command(env(BLUE), ...REINDEX));
  await step(`cores of ${BLUE} alone`, () => replaceCores(fleet, env(BLUE)));
  const found = await searchers.stop();
  const exitCodes = await fleet.stop();
  tellComplaints(fleet.complaints());
  console.log('');
  return tellFigures({
    ...found,
    'processes that did not end with 0': exitCodes.filter((code) => code !== 0).length,
  });
}

async function stock(env: Readonly<Record<string, string>>): Promise<void> {
  const file = join(tmpdir(), `${container}.csv`);
  await writeFile(
    file,
    itemsAsCsv(Array.from({ length: ITEMS }, (_, i) => room(`room-${i}`, 100))),
  );
  await release.command(env, 'db', 'migrate');
  await release.command(env, 'inventory', 'import', file);
  await rm(file);
}

async function replaceCores(fleet: Fleet, env: NodeJS.ProcessEnv): Promise<void> {
  for (const i of REPLICAS) await fleet.replaceCore(i, release, env);
}

/** Counts the queries that were embedded since the last time, of the vendor's last thousand requests. */
async function modelsAsked(): Promise<Map<string, number>> {
  const answer = await vendor.inject('/__requests');
  const { requests } = answer.json<{ readonly requests: readonly { readonly body: Asked }[] }>();
  await vendor.inject({ method: 'DELETE', url: '/__requests' });
  const counts = new Map<string, number>();
  for (const { body } of requests) {
    if (body.input?.length === 1) counts.set(body.model, (counts.get(body.model) ?? 0) + 1);
  }
  return counts;
}

interface Asked {
  readonly model: string;
  readonly input?: readonly string[];
}

async function vectorsOf(databaseUrl: string): Promise<Map<string, number>> {
  const rows = await query(
    databaseUrl,
    'select model, count(*)::int as n from item_vectors group by 1',
  );
  return new Map(rows.map(({ model, n }) => [`vectors of ${String(model)}`, Number(n)]));
}
