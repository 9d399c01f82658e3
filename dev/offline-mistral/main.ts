/** Runs the offline model as a process; see offline-mistral/server.ts for what it answers. */
import { readPort } from '../local-stack/read-port.ts';
import { faults, isFault } from './faults.ts';
import type { OfflineMistralOptions } from './server.ts';
import { createOfflineMistral } from './server.ts';

async function main(): Promise<void> {
  const { env } = process;
  const app = createOfflineMistral(readFault(env['OFFLINE_MODEL_FAULT']));
  const host = env['OFFLINE_MODEL_HOST'] || '127.0.0.1';
  const url = await app.listen({
    host,
    port: readPort('OFFLINE_MODEL_PORT', env['OFFLINE_MODEL_PORT'], 0),
  });
  const stop = (): void => void app.close();
  process.once('SIGTERM', stop).once('SIGINT', stop);
  console.log(JSON.stringify({ event: 'server_started', service: 'offline-mistral', url }));
}

function readFault(text: string | undefined): OfflineMistralOptions {
  if (!text) return {};
  if (isFault(text)) return { fault: text };
  throw new Error(`OFFLINE_MODEL_FAULT is "${text}"; it must be one of ${faults.join(', ')}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
