/**
 * The columns of an item, once. The import, the export, `inventory show`, the messages of gRPC and
 * the table in docs/inventory.md follow from this table.
 */
import { ITEM_ID } from '@aura/proto/limits.ts';
import type { z } from 'zod';
import { LANGUAGES, PRICE_ENDINGS } from '../db/schema.ts';
import { currencyDigits, currencyProblem, formatPlain } from '../money.ts';
import { DEFAULT_TERMS, QUANTITY_BOUNDS, TERM_BOUNDS } from '../terms.ts';
import { quote } from '../typed-text.ts';
import * as cells from './cells.ts';
import type { Item } from './repository.ts';

interface Column {
  /** The check of what a file or a program writes. */
  readonly check: z.ZodType;
  /** The column of the table `inventory_items`. */
  readonly stored: string;
  /** An amount in the item's currency, stored in minor units: above 0, or 0 too. */
  readonly amount?: 'above 0' | '0 or more';
  /** Says what is wrong with a value that passed the check, in an item of that currency. */
  readonly inCurrency?: (value: unknown, code: string) => string | undefined;
  /** SQL of what a new item has where the column is left out; undefined where it must not be. */
  readonly initial?: string;
  /** An empty cell, null or `cleared` takes it back to the policy's or to no limit. */
  readonly clearable?: true;
  /** The field of `InventoryItem` in the contract, as proto-loader writes it. */
  readonly wire: string;
  /** The value as a file has it: importing it again changes nothing. */
  readonly read: (item: Item) => unknown;
  /** The words for what stands where it is left out; undefined where it must not be. */
  readonly otherwise?: string;
  /** The words for what goes into it. */
  readonly meaning: string;
}

const currency = cells.word().refine((code) => currencyProblem(code) === undefined, {
  error: ({ input }) => {
    const code = String(input);
    const seen = `${quote(code)} ${currencyProblem(code)}`;
    const capitals = code.toUpperCase();
    const isWritten = code === capitals || currencyProblem(capitals) !== undefined;
    return isWritten ? seen : `${seen}; write ${capitals} in capitals`;
  },
});

function idProblem(id: string): string {
  const seen = `must be ${ITEM_ID.words}, not ${quote(id)}`;
  const isShort = /^\d+([.,]\d+)?E\+?\d+$/i.test(id);
  return isShort ? `${seen}; a spreadsheet has shortened it: format its column as text` : seen;
}

const amountOf = (minor: number | null, item: Item): string | null =>
  minor === null ? null : formatPlain(minor, item.currency);

/** A currency without decimals has no price that ends so. */
function endingProblem(value: unknown, code: string): string | undefined {
  const isDecimal = value === '.99' || value === '.00';
  if (!isDecimal || currencyDigits(code) !== 0) return undefined;
  return `${value} means nothing in ${code}, which has no decimals`;
}

const TABLE = {
  id: {
    check: cells.word().regex(new RegExp(ITEM_ID.pattern, 'u'), {
      error: ({ input }) => idProblem(String(input)),
    }),
    stored: 'id',
    wire: 'itemId',
    read: (item) => item.id,
    meaning: '1 to 64 letters, digits or any of `_ . : -`',
  },
  name: {
    check: cells.line(200),
    stored: 'name',
    wire: 'name',
    read: (item) => item.name,
    meaning: 'at most 200 characters on one line',
  },
  description: {
    check: cells.text(5_000),
    stored: 'description',
    wire: 'description',
    read: (item) => item.description,
    meaning: 'at most 5,000 characters; its first sentence is what a search answers as `details`',
  },
  price: {
    check: cells.amount,
    stored: 'base_price_minor',
    amount: 'above 0',
    wire: 'price',
    read: (item) => formatPlain(item.basePriceMinor, item.currency),
    meaning:
      'the list price: `1234.50`, `1,234.50`, `1.234,50`, `1 234,50` and `$1,234.50` are the same price',
  },
  floor: {
    check: cells.amount,
    stored: 'floor_price_minor',
    amount: 'above 0',
    wire: 'floor',
    read: (item) => formatPlain(item.floorPriceMinor, item.currency),
    meaning: 'the lowest price the item may go for, which no buyer learns; written like `price`',
  },
  currency: {
    check: currency,
    stored: 'currency',
    wire: 'currencyCode',
    read: (item) => item.currency,
    meaning: 'an ISO 4217 code',
  },
  quantity: {
    check: cells.number(QUANTITY_BOUNDS),
    stored: 'quantity',
    initial: 'null',
    clearable: true,
    wire: 'quantity',
    read: (item) => item.quantity,
    otherwise: 'no limit',
    meaning: 'how many may be reserved at a time, 0 to 1,000,000,000',
  },
  attributes: {
    check: cells.attributes,
    stored: 'attributes',
    initial: `'{}'::jsonb`,
    wire: 'attributesJson',
    read: (item) => item.attributes,
    otherwise: 'none',
    meaning:
      'a JSON object of texts, numbers, true or false, or lists of these; searches filter by them, and search them too',
  },
  language: {
    check: cells.oneOf(LANGUAGES, 'en'),
    stored: 'language',
    initial: `'en'`,
    wire: 'language',
    read: (item) => item.language,
    otherwise: '`en`',
    meaning: `the language of the texts, so that words are found in every form: ${LANGUAGES.filter(
      (code) => code !== 'und',
    )
      .map((code) => `\`${code}\``)
      .join(', ')}; \`und\` for any other one`,
  },
  active: {
    check: cells.truth('true'),
    stored: 'active',
    initial: 'true',
    wire: 'active',
    read: (item) => item.active,
    otherwise: '`true`',
    meaning: '`false` takes the item off sale',
  },
  rounds: {
    check: cells.number(TERM_BOUNDS.rounds),
    stored: 'rounds',
    initial: 'null',
    clearable: true,
    wire: 'rounds',
    read: (item) => item.rounds,
    otherwise: String(DEFAULT_TERMS.rounds),
    meaning: 'how many bids are answered with a counter-offer, 1 to 100',
  },
  beta: {
    check: cells.number(TERM_BOUNDS.beta),
    stored: 'beta',
    initial: 'null',
    clearable: true,
    wire: 'beta',
    read: (item) => item.beta,
    otherwise: String(DEFAULT_TERMS.beta),
    meaning: 'how soon the price gives way, 0.01 to 10; below 1 is late',
  },
  bucket_ratio: {
    check: cells.number(TERM_BOUNDS.bucketRatio),
    stored: 'bucket_ratio',
    initial: 'null',
    clearable: true,
    wire: 'bucketRatio',
    read: (item) => item.bucketRatio,
    otherwise: String(DEFAULT_TERMS.bucketRatio),
    meaning: 'the step that the floor is rounded up in, as a share of the list price, 0.001 to 0.5',
  },
  opening_ratio: {
    check: cells.number(TERM_BOUNDS.openingRatio),
    stored: 'opening_ratio',
    initial: 'null',
    clearable: true,
    wire: 'openingRatio',
    read: (item) => item.openingRatio,
    otherwise: String(DEFAULT_TERMS.openingRatio),
    meaning: 'the first ask as a share of the list price, 0.1 to 1',
  },
  margin: {
    check: cells.number(TERM_BOUNDS.margin),
    stored: 'margin',
    initial: 'null',
    clearable: true,
    wire: 'margin',
    read: (item) => item.margin,
    otherwise: String(DEFAULT_TERMS.margin),
    meaning: 'the least share of price − floor that a deal keeps, 0 to 1',
  },
  margin_amount: {
    check: cells.amountOrNone,
    stored: 'margin_minor',
    amount: '0 or more',
    initial: 'null',
    clearable: true,
    wire: 'marginAmount',
    read: (item) => amountOf(item.marginMinor, item),
    otherwise: String(DEFAULT_TERMS.marginMinor),
    meaning: 'the least amount above the floor that a deal keeps, where that is more',
  },
  discount_cap: {
    check: cells.number(TERM_BOUNDS.discountCap),
    stored: 'discount_cap',
    initial: 'null',
    clearable: true,
    wire: 'discountCap',
    read: (item) => item.discountCap,
    otherwise: String(DEFAULT_TERMS.discountCap),
    meaning: 'the greatest discount from the list price, as a share of it, 0 to 1',
  },
  price_ending: {
    check: cells.oneOfOrNone(PRICE_ENDINGS),
    inCurrency: endingProblem,
    stored: 'price_ending',
    initial: 'null',
    clearable: true,
    wire: 'priceEnding',
    read: (item) => item.priceEnding,
    otherwise: '`any`',
    meaning: 'asks are rounded up to prices that end in `.99` or `.00`, or to multiples of `5`',
  },
  daily_concession: {
    check: cells.amountOrNone,
    stored: 'daily_concession_minor',
    amount: '0 or more',
    initial: 'null',
    clearable: true,
    wire: 'dailyConcession',
    read: (item) => amountOf(item.dailyConcessionMinor, item),
    otherwise: 'no limit',
    meaning: 'how much below the list price the deals of a day may go in all; then the asks stand',
  },
  draft_above: {
    check: cells.amountOrNone,
    stored: 'draft_above_minor',
    amount: '0 or more',
    initial: 'null',
    clearable: true,
    wire: 'draftAbove',
    read: (item) => amountOf(item.draftAboveMinor, item),
    otherwise: 'none',
    meaning: 'a deal above this amount waits for a person; 0 is every deal',
  },
  high_value: {
    check: cells.amountOrNone,
    stored: 'high_value_minor',
    amount: '0 or more',
    initial: 'null',
    clearable: true,
    wire: 'highValue',
    read: (item) => amountOf(item.highValueMinor, item),
    otherwise: "its currency's",
    meaning: 'a bid above this amount waits for a person, whatever the price',
  },
  tells_rounds: {
    check: cells.truthOrNone,
    stored: 'tells_rounds',
    initial: 'null',
    clearable: true,
    wire: 'tellsRounds',
    read: (item) => item.tellsRounds,
    otherwise: '`false`',
    meaning: '`true` tells the buyer how many more counter-offers there can be',
  },
} as const satisfies Readonly<Record<string, Column>>;

/** The table with the type of each cell. */
export type Table = typeof TABLE;
export type ColumnName = keyof Table;

export const COLUMNS: Readonly<Record<ColumnName, Column>> = TABLE;
/** They are in the order of the table. */
export const COLUMN_NAMES = Object.keys(COLUMNS) as readonly ColumnName[];

/** A file and a new item must have these. */
export const REQUIRED = COLUMN_NAMES.filter((name) => COLUMNS[name].initial === undefined);

/** The columns that say how an item haggles; null is the installation's default. */
export const POLICY_COLUMNS = [
  'rounds',
  'beta',
  'bucket_ratio',
  'opening_ratio',
  'margin',
  'margin_amount',
  'discount_cap',
  'price_ending',
  'daily_concession',
  'draft_above',
  'high_value',
  'tells_rounds',
] as const satisfies readonly ColumnName[];
export type PolicyColumn = (typeof POLICY_COLUMNS)[number];

/** An item as a row of a file: importing it again changes nothing. */
export function toFileRow(item: Item): Readonly<Record<ColumnName, unknown>> {
  const cellsOf = COLUMN_NAMES.map((name) => [name, COLUMNS[name].read(item)] as const);
  return Object.fromEntries(cellsOf) as Record<ColumnName, unknown>;
}
