/** A primary Postgres and its standby, streaming and synchronous, each in a container of its own. */
import { docker, query, startPostgres, until } from '../testing/postgres-container.ts';

export interface PostgresPair {
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  /** Has the standby hear nothing more of the primary. */
  cutOff(): Promise<void>;
  /** Ends the primary as a machine does that loses its power. */
  killPrimary(): Promise<void>;
  /** Makes the standby a primary. Resolves when it takes writes. */
  promote(): Promise<void>;
  close(): Promise<void>;
}

/** @param synchronous each commit waits until the standby has it on its disk */
export async function startPostgresPair({
  synchronous,
}: {
  readonly synchronous: boolean;
}): Promise<PostgresPair> {
  const names = [`aura-primary-${process.pid}`, `aura-standby-${process.pid}`] as const;
  const close = async (): Promise<void> => {
    await docker('rm', '-fv', ...names).catch(() => undefined);
  };
  try {
    const primaryUrl = await startPrimary(names[0]);
    const standbyUrl = await startStandby(names[1], names[0]);
    await until('the standby follows', async () => {
      const streams = `select from pg_stat_replication where state = 'streaming'`;
      return (await query(primaryUrl, streams)).length > 0;
    });
    if (synchronous) {
      await query(primaryUrl, `alter system set synchronous_standby_names = 'any 1 (*)'`);
      await query(primaryUrl, 'select pg_reload_conf()');
    }
    return {
      primaryUrl,
      standbyUrl,
      cutOff: async () => {
        await query(standbyUrl, `alter system set primary_conninfo = ''`);
        await query(standbyUrl, 'select pg_reload_conf()');
      },
      killPrimary: async () => void (await docker('kill', '--signal', 'KILL', names[0])),
      promote: async () => void (await query(standbyUrl, 'select pg_promote(true, 30)')),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startPrimary(name: string): Promise<string> {
  const url = await startPostgres(name);
  const allow = 'echo "host replication all all scram-sha-256" >> "$PGDATA/pg_hba.conf"';
  await docker('exec', name, 'sh', '-c', allow);
  await query(url, 'select pg_reload_conf()');
  return url;
}

/** Copies the primary, and follows it from then on. */
async function startStandby(name: string, primary: string): Promise<string> {
  const address = await docker('exec', primary, 'hostname', '-i');
  return await startPostgres(name, {
    script: `install -d -o postgres -m 700 "$PGDATA" && rm -rf "$PGDATA"/* && gosu postgres pg_basebackup \
-h ${address} -U postgres -D "$PGDATA" -R -X stream -c fast && exec gosu postgres postgres -c listen_addresses='*'`,
  });
}
