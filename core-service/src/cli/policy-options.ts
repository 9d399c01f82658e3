/** The options of a command that say how an item haggles. */
import type { Command } from 'commander';
import type { PolicyColumn } from '../inventory/columns.ts';
import { COLUMNS } from '../inventory/columns.ts';
import { readCell } from '../inventory/item-row.ts';
import type { Item } from '../inventory/repository.ts';
import type { OwnTerms } from '../terms.ts';
import { findPreset, PRESET_NAMES, PRESETS } from '../terms.ts';
import { UsageError } from './run.ts';

export interface PolicyOption {
  readonly column: PolicyColumn;
  /** The part of an item that has it. */
  readonly own: keyof Item;
  /** The term of the policy behind it; undefined where it has no default but the one in words. */
  readonly term?: keyof OwnTerms;
  readonly otherwise?: string;
  readonly value: string;
  readonly words: string;
}

/** The options in the order of the help. */
export const OPTIONS: Readonly<Record<string, PolicyOption>> = {
  rounds: {
    column: 'rounds',
    own: 'rounds',
    term: 'rounds',
    value: '<N>',
    words: 'counter-offers in a haggle, 1 to 100',
  },
  beta: {
    column: 'beta',
    own: 'beta',
    term: 'beta',
    value: '<X>',
    words: 'how soon we give way, 0.01 to 10; below 1 is late',
  },
  bucket: {
    column: 'bucket_ratio',
    own: 'bucketRatio',
    term: 'bucketRatio',
    value: '<X>',
    words: 'step the floor is rounded up in, as a share of the list price, 0.001 to 0.5',
  },
  opening: {
    column: 'opening_ratio',
    own: 'openingRatio',
    term: 'openingRatio',
    value: '<X>',
    words: 'our first ask as a share of the list price, 0.1 to 1',
  },
  margin: {
    column: 'margin',
    own: 'margin',
    term: 'margin',
    value: '<X>',
    words: 'least share of price − floor that a deal keeps, 0 to 1',
  },
  'margin-amount': {
    column: 'margin_amount',
    own: 'marginMinor',
    term: 'marginMinor',
    value: '<AMOUNT>',
    words: 'least amount above the floor that a deal keeps, where that is more',
  },
  'discount-cap': {
    column: 'discount_cap',
    own: 'discountCap',
    term: 'discountCap',
    value: '<X>',
    words: 'greatest discount as a share of the list price, 0 to 1',
  },
  'price-ending': {
    column: 'price_ending',
    own: 'priceEnding',
    otherwise: 'any',
    value: '<any|.99|.00|5>',
    words: 'asks are rounded up to such prices; 5 is multiples of 5',
  },
  'daily-concession': {
    column: 'daily_concession',
    own: 'dailyConcessionMinor',
    otherwise: 'no limit',
    value: '<AMOUNT>',
    words: 'what the deals of a day may concede of the list price in all',
  },
  'draft-above': {
    column: 'draft_above',
    own: 'draftAboveMinor',
    otherwise: 'none',
    value: '<AMOUNT>',
    words: 'a deal above it waits for a person; 0 is every deal',
  },
  'high-value': {
    column: 'high_value',
    own: 'highValueMinor',
    otherwise: "its currency's",
    value: '<AMOUNT>',
    words: 'a bid above it waits for a person',
  },
  'tells-rounds': {
    column: 'tells_rounds',
    own: 'tellsRounds',
    otherwise: 'false',
    value: '<true|false>',
    words: 'whether buyers are told how many more counter-offers there can be',
  },
};

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
export function readPolicy(
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

/** The item as the options would have it; undefined when there are none. Nothing is written. */
export function changedItem(item: Item, options: PolicyOptions): Item | undefined {
  const changes = readPolicy(item, options);
  if (Object.keys(changes).length === 0) return undefined;
  const changed = Object.values(OPTIONS).flatMap(({ column, own }) => {
    const { stored } = COLUMNS[column];
    return stored in changes ? [[own, changes[stored]] as const] : [];
  });
  return { ...item, ...(Object.fromEntries(changed) as Partial<Item>) };
}

function readPreset(text: string): Record<string, unknown> {
  const preset = findPreset(text);
  if (!preset && text !== 'default') {
    throw new UsageError(`--preset ${text}: must be one of ${PRESET_NAMES.join(', ')}, default`);
  }
  return Object.fromEntries(
    Object.values(OPTIONS).flatMap(({ column, term }) =>
      term ? [[COLUMNS[column].stored, preset ? PRESETS[preset][term] : null]] : [],
    ),
  );
}
