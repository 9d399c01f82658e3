import { onTestFinished } from 'vitest';
import { createOfflineMistral } from '../../dev/offline-mistral/server.ts';
import type { TestDatabase } from './core-harness.ts';
import { startCore } from './core-harness.ts';

/** Core beside a model of its own, so that no test opens another's circuit. */
export async function startWithModel(
  database: TestDatabase,
  fault: string,
  limits: Readonly<Record<string, string>> = {},
) {
  const app = createOfflineMistral({ delayMs: 1 });
  const serverUrl = await app.listen({ host: '127.0.0.1', port: 0 });
  const setFault = async (next: string): Promise<void> => {
    await app.inject({ method: 'PUT', url: '/__fault', payload: { fault: next } });
  };
  await setFault(fault);
  const core = await startCore(database, {
    env: {
      MISTRAL_API_KEY: 'some-key',
      MISTRAL_SERVER_URL: serverUrl,
      MISTRAL_EMBED_MODEL: 'none',
      ...limits,
    },
  });
  onTestFinished(async () => {
    await core.close();
    await app.close();
  });
  const seen = async (): Promise<any> => (await app.inject('/__requests')).json();
  return { core, seen, setFault };
}
