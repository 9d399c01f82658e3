/** `inventory policy`: how an item haggles, and where each value comes from. */
import type { Command } from 'commander';
import type { PolicyColumn } from '../inventory/columns.ts';
import { COLUMNS } from '../inventory/columns.ts';
import { readCell } from '../inventory/item-row.ts';
import type { Item } from '../inventory/repository.ts';
import { findItem, setPolicy } from '../inventory/repository.ts';
import { formatMoney } from '../money.ts';
import type { Haggling, OwnTerms } from '../terms.ts';
import { findPreset, PRESET_NAMES, PRESETS } from '../terms.ts';
import { noItem } from './inventory-items.ts';
import type { SellerContext } from './run.ts';
import { say, UsageError } from './run.ts';

interface Option {
  readonly column: PolicyColumn;
  /** The term of the policy behind it. */
  readonly term: keyof OwnTerms;
  readonly value: string;
  readonly words: string;
}

/** The options in the order of the help. */
const OPTIONS: Readonly<Record<string, Option>> = {
  rounds: {
    column: 'rounds',
    term: 'rounds',
    value: '<N>',
    words: 'counter-offers in a haggle, 1 to 100',
  },
  beta: {
    column: 'beta',
    term: 'beta',
    value: '<X>',
    words: 'how soon we give way, 0.01 to 10; below 1 is late',
  },
  bucket: {
    column: 'bucket_ratio',
    term: 'bucketRatio',
    value: '<X>',
    words: 'step the floor is rounded up in, as a share of the list price, 0.001 to 0.5',
  },
  opening: {
    column: 'opening_ratio',
    term: 'openingRatio',
    value: '<X>',
    words: 'our first ask as a share of the list price, 0.1 to 1',
  },
  margin: {
    column: 'margin',
    term: 'margin',
    value: '<X>',
    words: 'least share of price − floor that a deal keeps, 0 to 1',
  },
  'margin-amount': {
    column: 'margin_amount',
    term: 'marginMinor',
    value: '<AMOUNT>',
    words: 'least amount above the floor that a deal keeps, where that is more',
  },
  'discount-cap': {
    column: 'discount_cap',
    term: 'discountCap',
    value: '<X>',
    words: 'greatest discount as a share of the list price, 0 to 1',
  },
};

const LABEL_WIDTH = Math.max(...Object.keys(OPTIONS).map((option) => option.length));

/** The text that was typed for each option, by its name as commander writes it. */
export type PolicyOptions = Readonly<Record<string, string | undefined>>;

export function addPolicyOptions(command: Command): Command {
  command.option('--preset <NAME>', `all of these at once: ${PRESET_NAMES.join(', ')}`);
  for (const [name, { value, words }] of Object.entries(OPTIONS)) {
    command.option(`--${name} ${value}`, words);
  }
  return command.addHelpText('after', '\n"default" takes a value back.');
}

/**
 * The changes that the options ask for, by the columns of the database. A preset sets all of its
 * terms, and a single option beside it goes before.
 */
function readPolicy(
  { currency }: Pick<Item, 'currency'>,
  options: PolicyOptions,
): Readonly<Record<string, unknown>> {
  const preset = options['preset'];
  const changes: Record<string, unknown> = preset === undefined ? {} : readPreset(preset);
  for (const [name, { column }] of Object.entries(OPTIONS)) {
    const text = options[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    if (text === undefined) continue;
    const cell = text === 'default' ? { value: null } : readCell(column, text, currency);
    const isEmpty = text.trim() === '';
    if ('problem' in cell || isEmpty) {
      throw new UsageError(`--${name} ${text}: ${'problem' in cell ? cell.problem : 'is empty'}`);
    }
    changes[COLUMNS[column].stored] = cell.value;
  }
  return changes;
}

function readPreset(text: string): Record<string, unknown> {
  const preset = findPreset(text);
  if (!preset && text !== 'default') {
    throw new UsageError(`--preset ${text}: must be one of ${PRESET_NAMES.join(', ')}, default`);
  }
  return Object.fromEntries(
    Object.values(OPTIONS).map(({ column, term }) => {
      return [COLUMNS[column].stored, preset ? PRESETS[preset][term] : null];
    }),
  );
}

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

function shown(item: Item, { column, term }: Option, haggling: Haggling): string {
  const words = (value: number): string =>
    COLUMNS[column].amount ? formatMoney(value, item.currency) : String(value);
  const own = item[term];
  if (own !== null) return `${words(own)} (its own)`;
  return `${words(haggling.terms[term])} (${origin(haggling.origins[term])})`;
}

function origin(from: Haggling['origins'][keyof OwnTerms]): string {
  if (from === 'default') return 'the default';
  return from === 'HAGGLING' ? 'by HAGGLING' : `${from}, by HAGGLING`;
}
