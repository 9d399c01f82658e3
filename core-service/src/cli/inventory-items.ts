/** The commands on single items. */
import type { ColumnName } from '../inventory/columns.ts';
import { COLUMN_NAMES, toFileRow } from '../inventory/columns.ts';
import { allItems } from '../inventory/export-items.ts';
import type { Item } from '../inventory/repository.ts';
import { findItem, setActive, setPolicyParameters, setQuantity } from '../inventory/repository.ts';
import type { PolicyParameter, PolicyParameters } from '../inventory/terms.ts';
import { policyParameters, quantityBounds } from '../inventory/terms.ts';
import { formatMoney } from '../money.ts';
import { DEFAULT_TERMS } from '../negotiation/asks.ts';
import { readNumber } from '../numbers.ts';
import type { SellerContext } from './run.ts';
import { say, UsageError } from './run.ts';

/** The parameters of the policy by the options that set them. */
const PARAMETERS = {
  rounds: 'rounds',
  beta: 'beta',
  bucket: 'bucketRatio',
  opening: 'openingRatio',
} as const satisfies Readonly<Record<string, PolicyParameter>>;

/** The text that was typed for each option. */
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
  const row = toFileRow(item);
  say(`${item.name} (${item.id})`);
  const line = (label: string, value: string): boolean => say(`  ${label.padEnd(13)} ${value}`);
  // The longest one comes last.
  const facts = COLUMN_NAMES.filter((name) => !['id', 'name', 'description'].includes(name));
  for (const name of facts) line(name, shown(item, name, row[name]));
  line('vector', item.embeddingModel ?? 'none yet: run inventory reindex');
  line('changed', item.updatedAt.toISOString());
  line('description', item.description);
}

/** A cell for a person's eyes. */
function shown(item: Item, name: ColumnName, value: unknown): string {
  const { basePriceMinor, floorPriceMinor, currency } = item;
  if (name === 'price') return formatMoney(basePriceMinor, currency);
  if (name === 'floor') return `${formatMoney(floorPriceMinor, currency)}, which no buyer learns`;
  if (value === null) return name === 'quantity' ? 'unlimited' : 'the default';
  return typeof value === 'string' ? value : JSON.stringify(value);
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
  const value = readNumber(text, policyParameters[name]);
  if (typeof value === 'string') throw new UsageError(`--${option} ${text}: ${value}`);
  return value;
}

function readQuantity(text: string): number {
  const amount = readNumber(text, quantityBounds);
  if (typeof amount === 'string') throw new UsageError(`${text}: ${amount}, or unlimited`);
  return amount;
}
