/** The commands on single items. */
import { findConcededToday } from '../deals/active-repository.ts';
import type { ColumnName } from '../inventory/columns.ts';
import { COLUMN_NAMES, COLUMNS, toFileRow } from '../inventory/columns.ts';
import { allItems } from '../inventory/export-items.ts';
import type { Item } from '../inventory/repository.ts';
import { findModelsOf } from '../inventory/embedding-repository.ts';
import { findItem, setActive, setQuantity } from '../inventory/repository.ts';
import { formatMoney } from '../money.ts';
import { readNumber } from '../numbers.ts';
import { QUANTITY_BOUNDS } from '../terms.ts';
import { cleanText } from '../typed-text.ts';
import type { SellerContext } from './run.ts';
import { noItem, say, UsageError } from './run.ts';

const ID_WIDTH = 24;

export async function list({ db }: SellerContext): Promise<void> {
  for await (const item of allItems(db)) {
    const price = formatMoney(item.basePriceMinor, item.currency);
    const note = item.active ? '' : '  (not on sale)';
    say(`${item.id.padEnd(ID_WIDTH)}  ${price.padStart(16)}  ${item.name}${note}`);
  }
}

export async function show({ db }: SellerContext, itemId: string): Promise<void> {
  const item = await findItem(db, cleanText(itemId));
  if (!item) throw noItem(itemId);
  const row = toFileRow(item);
  say(`${item.name} (${item.id})`);
  const line = (label: string, value: string): boolean => say(`  ${label.padEnd(16)} ${value}`);
  // The longest one comes last.
  const facts = COLUMN_NAMES.filter((name) => !['id', 'name', 'description'].includes(name));
  for (const name of facts) line(name, shown(item, name, row[name]));
  if (item.dailyConcessionMinor !== null) {
    const conceded = await findConcededToday(db, item.id);
    const note = conceded < item.dailyConcessionMinor ? '' : ', all of its ceiling: its asks stand';
    line('conceded', `${formatMoney(conceded, item.currency)} today${note}`);
  }
  const models = await findModelsOf(db, item.id);
  line('vector', models.join(', ') || 'none yet: run inventory reindex');
  line('changed', item.updatedAt.toISOString());
  line('description', item.description);
}

/** A cell for a person's eyes. */
function shown(item: Item, name: ColumnName, value: unknown): string {
  const { basePriceMinor, floorPriceMinor, currency } = item;
  if (name === 'price') return formatMoney(basePriceMinor, currency);
  if (name === 'floor') return `${formatMoney(floorPriceMinor, currency)}, which no buyer learns`;
  if (value === null) return name === 'quantity' ? 'unlimited' : 'the default';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return COLUMNS[name].amount ? `${text} ${currency}` : text;
}

export async function activate(
  { db }: SellerContext,
  written: readonly string[],
  active: boolean,
): Promise<void> {
  const ids = written.map(cleanText);
  const unknown = await setActive(db, ids, active);
  if (unknown.length > 0) throw noItem(...unknown);
  for (const id of ids) say(`${id}: ${active ? 'on sale' : 'not on sale'}`);
}

export async function quantity(
  { db }: SellerContext,
  itemId: string,
  amount: string,
): Promise<void> {
  const count = amount.trim().toLowerCase() === 'unlimited' ? null : readQuantity(amount);
  const id = cleanText(itemId);
  if (!(await setQuantity(db, id, count))) throw noItem(id);
  say(`${id}: ${count ?? 'unlimited'}`);
}

function readQuantity(text: string): number {
  const amount = readNumber(text, QUANTITY_BOUNDS);
  if (typeof amount === 'string') throw new UsageError(`${text}: ${amount}, or unlimited`);
  return amount;
}
