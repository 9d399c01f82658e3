/** The commands on single items. */
import { allItems } from '../inventory/export-items.ts';
import { findItem, setActive, setPolicyParameters, setQuantity } from '../inventory/repository.ts';
import type { PolicyParameter, PolicyParameters } from '../inventory/terms.ts';
import { policyParameters } from '../inventory/terms.ts';
import { formatMoney } from '../money.ts';
import { DEFAULT_TERMS } from '../negotiation/asks.ts';
import type { SellerContext } from './run.ts';
import { say, UsageError } from './run.ts';

/** The parameters of the policy by the options that set them. */
const PARAMETERS = {
  rounds: 'rounds',
  beta: 'beta',
  bucket: 'bucketRatio',
  opening: 'openingRatio',
} as const satisfies Readonly<Record<string, PolicyParameter>>;

/** What was typed for each option. */
export type PolicyOptions = { readonly [Name in keyof typeof PARAMETERS]?: string };

const ID_WIDTH = 24;

export async function list({ db }: SellerContext): Promise<void> {
  for await (const item of allItems(db)) {
    const price = formatMoney(item.basePriceMinor, item.currency);
    const note = item.active ? '' : '  (not on sale)';
    say(`${item.id.padEnd(ID_WIDTH)}  ${price.padStart(16)}  ${item.name}${note}`);
  }
}

export async function show({ db }: SellerContext, itemId: string): Promise<void> {
  const item = await findItem(db, itemId);
  if (!item) throw noItem(itemId);
  const { currency } = item;
  say(`${item.name} (${item.id})
  price        ${formatMoney(item.basePriceMinor, currency)}
  floor        ${formatMoney(item.floorPriceMinor, currency)}, which no buyer learns
  quantity     ${item.quantity ?? 'unlimited'}
  on sale      ${item.active ? 'yes' : 'no'}
  language     ${item.language}
  vector       ${item.embeddingModel ?? 'none yet: run inventory reindex'}
  changed      ${item.updatedAt.toISOString()}
  attributes   ${JSON.stringify(item.attributes)}
  description  ${item.description}`);
}

export async function activate(
  { db }: SellerContext,
  ids: readonly string[],
  active: boolean,
): Promise<void> {
  const unknown = await setActive(db, ids, active);
  if (unknown.length > 0) throw noItem(unknown.join(', '));
  for (const id of ids) say(`${id}: ${active ? 'on sale' : 'not on sale'}`);
}

export async function quantity(
  { db }: SellerContext,
  itemId: string,
  amount: string,
): Promise<void> {
  const count = amount === 'unlimited' ? null : readQuantity(amount);
  if (!(await setQuantity(db, itemId, count))) throw noItem(itemId);
  say(`${itemId}: ${count ?? 'unlimited'}`);
}

export async function policy(
  { db }: SellerContext,
  itemId: string,
  options: PolicyOptions,
): Promise<void> {
  const parameters = Object.entries(PARAMETERS) as [keyof PolicyOptions, PolicyParameter][];
  const changes = parameters.flatMap(([option, name]) => {
    const text = options[option];
    if (text === undefined) return [];
    return [[name, text === 'default' ? null : readParameter(option, name, text)] as const];
  });
  const changed = Object.fromEntries(changes) as Partial<PolicyParameters>;
  const current = await setPolicyParameters(db, itemId, changed);
  if (!current) throw noItem(itemId);
  say(`${itemId} haggles by`);
  for (const [option, name] of parameters) {
    const value = current[name];
    say(`  ${option.padEnd(8)} ${value ?? `${DEFAULT_TERMS[name]} (the default)`}`);
  }
}

function noItem(itemId: string): UsageError {
  return new UsageError(`there is no item ${itemId}`);
}

function readParameter(option: string, name: PolicyParameter, text: string): number {
  const { data, error } = policyParameters[name].safeParse(text.trim() === '' ? NaN : Number(text));
  if (error) throw new UsageError(`--${option} ${text}: ${error.issues[0]?.message}`);
  return data;
}

function readQuantity(text: string): number {
  const amount = Number(text);
  if (text.trim() !== '' && Number.isInteger(amount) && amount >= 0 && amount <= 1e9) return amount;
  throw new UsageError(`${text}: must be a whole number from 0 to 1000000000, or unlimited`);
}
