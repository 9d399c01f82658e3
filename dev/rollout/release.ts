/** Releases of Aura side by side: this checkout, and one of before in a folder of its own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Service } from '../testing/service.ts';
import { startService } from '../testing/service.ts';
import type { ServiceFolder } from '../testing/service-args.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const MIGRATIONS = 'core-service/drizzle';

export interface Release {
  readonly name: string;
  start(folder: ServiceFolder, env: NodeJS.ProcessEnv): Promise<Service>;
  /** Runs core's command line, as `db migrate`, on the database that the variables name. */
  command(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<void>;
  remove(): Promise<void>;
}

export async function thisRelease(): Promise<Release> {
  const name = await describe('HEAD');
  return { ...releaseIn(ROOT, name), remove: async () => undefined };
}

/** @returns the last tag before this commit; where there is none, the commit before the newest migration */
export async function findFormer(): Promise<string> {
  const tag = await git('describe', '--tags', '--abbrev=0', 'HEAD^').catch(() => undefined);
  return tag ?? `${await git('log', '-1', '--format=%H', '--', MIGRATIONS)}^`;
}

/** Lays a tag or a commit out in a folder of its own, and installs there what its services need. */
export async function layOut(ref: string): Promise<Release> {
  const name = await describe(ref);
  const root = await mkdtemp(join(tmpdir(), 'aura-release-'));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    const archive = join(root, 'release.tar');
    await git('archive', '--output', archive, ref);
    await run('tar', ['-xf', archive, '-C', root]);
    const services = ['--filter', 'core-service...', '--filter', 'api-gateway...'];
    const install = ['install', '--frozen-lockfile', '--prefer-offline', '--prod', ...services];
    await run('npx', ['-y', 'pnpm@12', ...install], { cwd: root });
    return { ...releaseIn(root, name), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function releaseIn(root: string, name: string): Omit<Release, 'remove'> {
  return {
    name,
    start: (folder, env) => startService(folder, env, { root }),
    command: async (env, ...args) => {
      const all = { PATH: process.env['PATH'], DATABASE_POOL_SIZE: '1', ...env };
      await run(process.execPath, [join(root, 'core-service/src/cli.ts'), ...args], { env: all });
    },
  };
}

function describe(ref: string): Promise<string> {
  return git('log', '-1', '--format=%h %s', ref);
}

async function git(...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: ROOT });
  return stdout.trim();
}
