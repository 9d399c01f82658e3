/** `inventory policy`: how an item haggles, and where each value comes from. */
import type { Haggling } from '../haggling.ts';
import { COLUMNS } from '../inventory/columns.ts';
import type { Item } from '../inventory/repository.ts';
import { findItem, setPolicy } from '../inventory/repository.ts';
import { formatMoney } from '../money.ts';
import type { OwnTerms } from '../terms.ts';
import type { PolicyOption, PolicyOptions } from './policy-options.ts';
import { OPTIONS, readPolicy } from './policy-options.ts';
import type { SellerContext } from './run.ts';
import { noItem, say } from './run.ts';

const LABEL_WIDTH = Math.max(...Object.keys(OPTIONS).map((option) => option.length));

export async function policy(
  { db, config }: SellerContext,
  itemId: string,
  options: PolicyOptions,
): Promise<void> {
  const found = await findItem(db, itemId);
  if (!found) throw noItem(itemId);
  const item = await setPolicy(db, itemId, readPolicy(found, options));
  if (!item) throw noItem(itemId);
  say(`${itemId} haggles by`);
  for (const [name, option] of Object.entries(OPTIONS)) {
    say(`  ${name.padEnd(LABEL_WIDTH)}  ${shown(item, option, config.negotiation.haggling)}`);
  }
}

function shown(item: Item, option: PolicyOption, { terms, origins }: Haggling): string {
  const { column, own, term, otherwise = '' } = option;
  const words = (value: unknown): string =>
    COLUMNS[column].amount ? formatMoney(Number(value), item.currency) : String(value);
  if (item[own] !== null) return `${words(item[own])} (its own)`;
  return term ? `${words(terms[term])} (${origin(origins[term])})` : `${otherwise} (the default)`;
}

function origin(from: Haggling['origins'][keyof OwnTerms]): string {
  if (from === 'default') return 'the default';
  return from === 'HAGGLING' ? 'by HAGGLING' : `${from}, by HAGGLING`;
}
