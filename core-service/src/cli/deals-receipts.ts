/** `deals verify | keys`: receipts, and the keys that sign them. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { BadReceiptError, verifyReceipt } from '../deals/receipt.ts';
import type { PrivateJwk } from '../receipt-keys.ts';
import { newReceiptKey, parseKeySet, writeKeySet } from '../receipt-keys.ts';
import { keepFile, replaceFile } from './keep-file.ts';
import { readCommandConfig, say, UsageError } from './run.ts';

/**
 * Makes the file that RECEIPT_KEYS_FILE names, with one key, unless it is there.
 *
 * @throws UsageError when it cannot be written there
 */
export function keepReceiptKeys(file: string): void {
  keepFile('RECEIPT_KEYS_FILE', file, () => writeKeySet([newReceiptKey()]));
}

interface KeysOptions {
  readonly add?: boolean;
  readonly sign?: string;
  readonly drop?: string;
}

export function addReceiptCommands(deals: Command): void {
  deals
    .command('verify')
    .description('says whether a receipt is one of ours, and of what')
    .argument('<RECEIPT>', 'a compact JWS')
    .action(verify);
  deals
    .command('keys')
    .description('tells the keys of receipts in a file, the first of which signs, and changes them')
    .argument('<FILE>', 'a JWK Set, which --add makes where there is none')
    .option('--add', 'adds a new key as the last one')
    .option('--sign <KID>', 'has this one sign from now on')
    .option('--drop <KID>', 'takes this one away, so that its receipts are not verified any more')
    .action(changeKeys);
}

async function verify(typed: string): Promise<void> {
  const { receiptKeys } = readCommandConfig();
  if (receiptKeys.length === 0) {
    throw new UsageError('there are no keys: set RECEIPT_KEYS or RECEIPT_KEYS_FILE');
  }
  try {
    const { kid, claims } = await verifyReceipt(receiptKeys, typed.trim());
    const { item_id: item, price, currency, agent_did: agent, agent_verified: isVerified } = claims;
    const at = new Date(claims.iat * 1_000).toISOString();
    const signs = isVerified ? 'who signed' : 'who did not sign';
    say(`good: ${item} for ${price} ${currency} to ${agent}, ${signs}, at ${at}, by key ${kid}`);
  } catch (error) {
    if (error instanceof BadReceiptError) throw new UsageError(`bad: it ${error.message}`);
    throw error;
  }
}

function changeKeys(file: string, { add = false, sign, drop }: KeysOptions): void {
  const before = readKeys(file, add);
  const added = add ? [...before, newReceiptKey()] : before;
  const ordered =
    sign === undefined ? added : [named(added, sign), ...added.filter(({ kid }) => kid !== sign)];
  const kept = drop === undefined ? ordered : ordered.filter((key) => key !== named(ordered, drop));
  if (kept.length === 0) throw new UsageError('the last key cannot be taken away');
  if (add || sign !== undefined || drop !== undefined) replaceFile(file, writeKeySet(kept));
  for (const [i, { kid }] of kept.entries()) say(`${kid}  ${i === 0 ? 'signs' : 'verifies'}`);
}

function readKeys(file: string, canMake: boolean): PrivateJwk[] {
  try {
    return parseKeySet(readFileSync(file, 'utf8'));
  } catch (error) {
    if (canMake && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`${file} ${(error as Error).message}`);
  }
}

function named(keys: readonly PrivateJwk[], wanted: string): PrivateJwk {
  const found = keys.find(({ kid }) => kid === wanted);
  if (!found) throw new UsageError(`there is no key ${wanted}`);
  return found;
}
