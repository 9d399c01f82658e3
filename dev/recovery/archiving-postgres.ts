/** A Postgres that archives its write-ahead log, and others that are brought back from there. */
import { docker, query, startPostgres, until } from '../testing/postgres-container.ts';

export interface ArchivingPostgres {
  readonly url: string;
  /** Copies the whole cluster into the archive while it goes on. */
  saveBase(): Promise<void>;
  /** Starts another Postgres as this one was at that time. @returns its URL, when it takes writes */
  recoverTo(time: Date): Promise<string>;
  close(): Promise<void>;
}

/** What has to be in the archive: the log, piece by piece, and a copy to begin with. */
const ARCHIVE = '/archive';
const SETTINGS = [
  'archive_mode=on',
  `archive_command=test ! -f ${ARCHIVE}/wal/%f && cp %p ${ARCHIVE}/wal/%f`,
  // A piece is archived after this many seconds, full or not: so much is lost with the machine.
  'archive_timeout=60',
];

export async function startArchivingPostgres(): Promise<ArchivingPostgres> {
  const volume = `aura-archive-${process.pid}`;
  const names = [`aura-before-${process.pid}`, `aura-recovered-${process.pid}`] as const;
  const mount = ['-v', `${volume}:${ARCHIVE}`];
  const close = async (): Promise<void> => {
    await docker('rm', '-fv', ...names).catch(() => undefined);
    await docker('volume', 'rm', volume).catch(() => undefined);
  };
  try {
    const url = await startPostgres(names[0], { docker: mount, settings: SETTINGS });
    const inside = (user: string, ...command: readonly string[]): Promise<string> =>
      docker('exec', '-u', user, names[0], ...command);
    await inside('root', 'install', '-d', '-o', 'postgres', '-m', '700', `${ARCHIVE}/wal`);
    await inside('root', 'install', '-d', '-o', 'postgres', '-m', '700', `${ARCHIVE}/base`);
    return {
      url,
      saveBase: async () => {
        const copy = ['pg_basebackup', '-h', '127.0.0.1', '-U', 'postgres', '-X', 'none'];
        await inside('postgres', ...copy, '-c', 'fast', '-D', `${ARCHIVE}/base`);
      },
      recoverTo: async (time) => {
        await archiveAll(url);
        return await startRecovered(names[1], mount, time);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Has the piece of the log that is being written archived too, as long as that Postgres lives. */
async function archiveAll(url: string): Promise<void> {
  const [row] = await query(url, 'select pg_walfile_name(pg_switch_wal()) as piece');
  await until('the log is archived', async () => {
    const [last] = await query(url, 'select last_archived_wal as piece from pg_stat_archiver');
    return String(last?.['piece']) >= String(row?.['piece']);
  });
}

async function startRecovered(name: string, mount: readonly string[], time: Date): Promise<string> {
  const settings = {
    listen_addresses: '*',
    restore_command: `cp ${ARCHIVE}/wal/%f %p`,
    // Postgres does not know Z for UTC that early.
    recovery_target_time: time.toISOString().replace('Z', '+00'),
    recovery_target_action: 'promote',
  };
  const options = Object.entries(settings).map(([key, value]) => `-c "${key}=${value}"`);
  const url = await startPostgres(name, {
    docker: mount,
    script: `install -d -o postgres -m 700 "$PGDATA" && cp -a ${ARCHIVE}/base/. "$PGDATA" && \
touch "$PGDATA/recovery.signal" && exec gosu postgres postgres ${options.join(' ')}`,
  });
  await until('Postgres is recovered', async () => {
    const [row] = await query(url, 'select pg_is_in_recovery() as still');
    return row?.['still'] === false;
  });
  return url;
}
