/** The commands on single items. */
import { parseArgs } from 'node:util';
import type { SellerContext } from '../cli.ts';
import { say, UsageError } from '../cli.ts';
import { formatMoney } from '../money.ts';
import { DEFAULT_TERMS } from '../negotiation/asks.ts';
import { allItems } from './export-items.ts';
import type { PolicyParameter, PolicyParameters } from './policy-parameters.ts';
import { policyParameters } from './policy-parameters.ts';
import { findItem, setActive, setPolicyParameters, setQuantity } from './repository.ts';

const POLICY_USAGE = `usage: inventory policy ITEM [--rounds N] [--beta X] [--bucket X] [--opening X]
  --rounds   counter-offers in a haggle, 1 to 100
  --beta     how soon we give way, 0.01 to 10; below 1 is late
  --bucket   step the floor is rounded up in, as a share of the list price, 0.001 to 0.5
  --opening  our first ask as a share of the list price, 0.1 to 1
  "default" takes a parameter back; without any it only tells`;

/** By option. */
const PARAMETERS: Readonly<Record<string, PolicyParameter>> = {
  rounds: 'rounds',
  beta: 'beta',
  bucket: 'bucketRatio',
  opening: 'openingRatio',
};
const ID_WIDTH = 24;

export async function list({ db }: SellerContext, args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new UsageError('usage: inventory list');
  for await (const item of allItems(db)) {
    const price = formatMoney(item.basePriceMinor, item.currency);
    const note = item.active ? '' : '  (not on sale)';
    say(`${item.id.padEnd(ID_WIDTH)}  ${price.padStart(16)}  ${item.name}${note}`);
  }
}

export async function show({ db }: SellerContext, args: readonly string[]): Promise<void> {
  const [itemId, ...more] = args;
  if (itemId === undefined || more.length > 0) throw new UsageError('usage: inventory show ITEM');
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

/** Both ways: the command's name says which. */
export async function activate(
  { db }: SellerContext,
  ids: readonly string[],
  name: string,
): Promise<void> {
  if (ids.length === 0) throw new UsageError(`usage: inventory ${name} ITEM…`);
  const active = name === 'activate';
  const unknown = await setActive(db, ids, active);
  if (unknown.length > 0) throw noItem(unknown.join(', '));
  for (const id of ids) say(`${id}: ${active ? 'on sale' : 'not on sale'}`);
}

export async function quantity({ db }: SellerContext, args: readonly string[]): Promise<void> {
  const { values, itemId, rest } = readArgs(args, []);
  const [amount, ...more] = rest;
  if (amount === undefined || more.length > 0 || Object.keys(values).length > 0) {
    throw new UsageError('usage: inventory quantity ITEM N|unlimited');
  }
  const count = amount === 'unlimited' ? null : readQuantity(amount);
  if (!(await setQuantity(db, itemId, count))) throw noItem(itemId);
  say(`${itemId}: ${count ?? 'unlimited'}`);
}

export async function policy({ db }: SellerContext, args: readonly string[]): Promise<void> {
  const { values, itemId, rest } = readArgs(args, Object.keys(PARAMETERS));
  if (rest.length > 0) throw new UsageError(POLICY_USAGE);
  const changes = Object.entries(values).map(([option, text]) => {
    const name = PARAMETERS[option] as PolicyParameter;
    return [name, text === 'default' ? null : readParameter(option, name, String(text))];
  });
  const changed = Object.fromEntries(changes) as Partial<PolicyParameters>;
  const parameters = await setPolicyParameters(db, itemId, changed);
  if (!parameters) throw noItem(itemId);
  say(`${itemId} haggles by`);
  for (const [option, name] of Object.entries(PARAMETERS)) {
    const value = parameters[name];
    say(`  ${option.padEnd(8)} ${value ?? `${DEFAULT_TERMS[name]} (the default)`}`);
  }
}

function noItem(itemId: string): UsageError {
  return new UsageError(`there is no item ${itemId}`);
}

function readArgs(args: readonly string[], options: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(options.map((name) => [name, { type: 'string' } as const])),
      allowPositionals: true,
    });
    const [itemId, ...rest] = positionals;
    if (itemId !== undefined) return { values, itemId, rest };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${POLICY_USAGE}`);
  }
  throw new UsageError(POLICY_USAGE);
}

function readParameter(option: string, name: PolicyParameter, text: string): number {
  const { data, error } = policyParameters[name].safeParse(text.trim() === '' ? NaN : Number(text));
  if (error) {
    throw new UsageError(`--${option} ${text}: ${error.issues[0]?.message}\n${POLICY_USAGE}`);
  }
  return data;
}

function readQuantity(text: string): number {
  const amount = Number(text);
  if (text.trim() !== '' && Number.isInteger(amount) && amount >= 0 && amount <= 1e9) return amount;
  throw new UsageError(`${text}: must be a whole number from 0 to 1000000000, or unlimited`);
}
