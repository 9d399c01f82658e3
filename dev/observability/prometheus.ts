/** A real Prometheus with the rules of deploy/, which scrapes processes of this machine. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortPair } from '../testing/free-ports.ts';

const RULES = join(import.meta.dirname, '../../deploy/prometheus/rules');

/** Whether this machine has a Prometheus; `.ci/prometheus` brings one along. */
export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Rule {
  readonly type: 'recording' | 'alerting';
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

export interface Prometheus {
  /** Evaluates an expression now. @throws when it is none */
  query(expression: string): Promise<Sample[]>;
  rules(): Promise<Rule[]>;
  close(): Promise<void>;
}

type Answer<Data> =
  | { readonly status: 'success'; readonly data: Data }
  | { readonly status: 'error'; readonly errorType: string; readonly error: string };
interface Vector {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [seconds: number, value: string];
}

/** @param targets the jobs and the ports that they are scraped at */
export async function startPrometheus(
  targets: Readonly<Record<string, number>>,
): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-prometheus-'));
  const scrapes = Object.entries(targets).map(([job, port]) => ({
    job_name: job,
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  }));
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(RULES, '*.yml')],
    scrape_configs: scrapes,
  };
  // JSON is YAML too.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePortPair();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Server is ready')) resolve();
    });
    void exited.then(() => reject(new Error(`Prometheus ended: ${log}`)));
  });
  const ask = async <Data>(path: string): Promise<Data> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const answer = (await response.json()) as Answer<Data>;
    if (answer.status === 'error') throw new Error(`${answer.errorType}: ${answer.error}`);
    return answer.data;
  };
  return {
    query: async (expression) => {
      const asked = `query?query=${encodeURIComponent(expression)}`;
      const { result } = await ask<{ readonly result: readonly Vector[] }>(asked);
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    rules: async () => {
      const { groups } = await ask<{ readonly groups: readonly { rules: Rule[] }[] }>('rules');
      return groups.flatMap(({ rules }) => rules);
    },
    close: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
