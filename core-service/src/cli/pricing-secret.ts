import { randomBytes } from 'node:crypto';
import { keepFile } from './keep-file.ts';

/**
 * Makes the file that PRICING_SECRET_FILE names, unless it is there: quotes survive a restart only
 * with the secret they were made with.
 *
 * @throws UsageError when it cannot be written there
 */
export function keepPricingSecret(file: string): void {
  keepFile('PRICING_SECRET_FILE', file, () => randomBytes(32).toString('base64url'));
}
