import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from './run.ts';

/**
 * Makes the file that PRICING_SECRET_FILE names, unless it is there: quotes survive a restart only
 * with the secret they were made with. Several processes may call it at once, and all find the
 * same secret, whole.
 *
 * @throws UsageError when it cannot be written there
 */
export function keepPricingSecret(file: string): void {
  if (existsSync(file)) return;
  try {
    makeSecret(file);
  } catch (error) {
    throw new UsageError(`PRICING_SECRET_FILE cannot be written: ${(error as Error).message}`);
  }
}

function makeSecret(file: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
