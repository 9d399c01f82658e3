/** Sends the mixed load through a real stack, and takes all that it tells. */
import { rmSync } from 'node:fs';
import { createOfflineMistral } from '../offline-mistral/server.ts';
import { makeDataDir } from '../testing/database.ts';
import { startStack } from '../testing/stack.ts';
import type { Answers } from './load.ts';
import { sendMixedLoad } from './load.ts';
import type { Collector } from './receive.ts';
import { collectSignals } from './receive.ts';

export interface Run extends Pick<Collector, 'spans' | 'metrics' | 'logs'> {
  readonly answers: Answers;
}

/** @param instrumentation the value of TRACE_INSTRUMENTATION */
export async function runLoad(instrumentation: string): Promise<Run> {
  const dataDir = await makeDataDir();
  const vendor = createOfflineMistral();
  const collector = await collectSignals();
  try {
    const stack = await startStack({
      DATA_DIR: dataDir,
      MISTRAL_API_KEY: 'of-the-offline-model',
      MISTRAL_SERVER_URL: await vendor.listen({ host: '127.0.0.1', port: 0 }),
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=conformance',
      TRACE_INSTRUMENTATION: instrumentation,
    });
    let answers: Answers;
    try {
      answers = await sendMixedLoad({ stack, vendor, dataDir });
    } finally {
      // The services send what is left before they end.
      await stack.stop();
    }
    const { spans, metrics, logs } = collector;
    return { spans, metrics, logs, answers };
  } finally {
    collector.close();
    await vendor.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
