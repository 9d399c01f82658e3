/** The metrics of all workers at one address: the lead asks each of them, and labels what is whose. */
import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';

/** A worker that does not answer in so many milliseconds is left out of the scrape. */
const PATIENCE_MS = 2_000;
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Asked {
  readonly scrape: number;
}
interface Told extends Asked {
  readonly text: string;
}

/** Answers the scrapes of the lead; for a worker, whose exporter has no server of its own. */
export function answerScrapes(exporter: PrometheusExporter): void {
  const serializer = new PrometheusSerializer();
  const worker = cluster.worker as Worker;
  const answer = async ({ scrape }: Partial<Asked>): Promise<void> => {
    if (scrape === undefined) return;
    const { resourceMetrics } = await exporter.collect();
    worker.send({ scrape, text: serializer.serialize(resourceMetrics) } satisfies Told);
  };
  worker.on('message', (message: Partial<Asked>) => void answer(message));
}

/**
 * Serves what Prometheus scrapes.
 *
 * @param failed is called when the address cannot be used
 */
export function serveScrapes(
  address: { readonly host: string; readonly port: number },
  failed: (error: Error) => void,
): void {
  let scrapes = 0;
  const server = createServer((request, response) => {
    if (request.url === '/metrics') void answer(response);
    else response.writeHead(404).end();
  });
  const answer = async (response: ServerResponse): Promise<void> => {
    const text = await askAll(++scrapes);
    response.writeHead(200, { 'content-type': CONTENT_TYPE }).end(text);
  };
  server.once('error', failed);
  server.listen(address).unref();
}

async function askAll(scrape: number): Promise<string> {
  const workers = Object.values(cluster.workers ?? {}).filter((each) => each !== undefined);
  const texts = await Promise.all(
    workers.map(async (worker) => [worker.id, await ask(worker, scrape)] as const),
  );
  return mergeMetrics(new Map(texts));
}

/** @returns nothing for a worker that is too busy, or has gone */
function ask(worker: Worker, scrape: number): Promise<string> {
  return new Promise((resolve) => {
    const done = (text: string): void => {
      clearTimeout(timer);
      worker.off('message', hear);
      resolve(text);
    };
    const hear = (told: Partial<Told>): void => {
      if (told.scrape === scrape) done(told.text ?? '');
    };
    const timer = setTimeout(done, PATIENCE_MS, '');
    worker.on('message', hear);
    if (worker.isConnected()) worker.send({ scrape } satisfies Asked);
    else done('');
  });
}

/**
 * Puts the expositions of several workers into one, in which each series has the label `worker` and
 * each metric is described once.
 *
 * @param texts by the worker's number, in the text format of Prometheus
 * @public for the test, which lies beside one of the twins
 */
export function mergeMetrics(texts: ReadonlyMap<number, string>): string {
  const metrics = new Map<string, { readonly about: Set<string>; readonly series: string[] }>();
  for (const [worker, text] of texts) {
    let name = '';
    for (const line of text.split('\n')) {
      const [, described] = /^# (?:HELP|TYPE|UNIT) (\S+)/.exec(line) ?? [];
      name = described ?? name;
      if (line === '' || (line.startsWith('#') && described === undefined)) continue;
      const metric = metrics.get(name) ?? { about: new Set(), series: [] };
      metrics.set(name, metric);
      if (described === undefined) metric.series.push(labelled(line, worker));
      else metric.about.add(line);
    }
  }
  const lines = [...metrics.values()].flatMap(({ about, series }) => [...about, ...series]);
  return `${lines.join('\n')}\n`;
}

function labelled(line: string, worker: number): string {
  const [, name = '', labels, value = ''] = /^([\w:]+)(?:\{(.*)\})?( .*)$/.exec(line) ?? [];
  return `${name}{worker="${worker}"${labels ? `,${labels}` : ''}}${value}`;
}
