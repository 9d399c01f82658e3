import type { SQL } from 'drizzle-orm';
import { and, sql } from 'drizzle-orm';
import { constant } from '../db/constant.ts';
import { inventoryItems } from '../db/schema.ts';
import { UNUSUAL_MINOR_UNITS } from '../money.ts';
import { formsOf } from '../text/filter-forms.ts';

export interface Filters {
  /** ISO 4217. */
  readonly currency?: string;
  /** Major units of each item's own currency. */
  readonly maxPrice?: number;
  /** Equal to the item's, or in its list, in one of the forms of formsOf, however the letters are composed, wide or large. */
  readonly attributes?: readonly {
    readonly name: string;
    readonly value: string | number | boolean;
  }[];
}

/** The filters that there are, whatever their values: the text of a statement depends on no more. */
export interface FilterShape {
  readonly hasCurrency: boolean;
  readonly hasMaxPrice: boolean;
  readonly attributes: number;
}

/** Values of the statement by their names, or the places for them. */
export type FilterValues = Readonly<Record<string, unknown>>;

export function filterShapeOf({ currency, maxPrice, attributes = [] }: Filters): FilterShape {
  return {
    hasCurrency: currency !== undefined,
    hasMaxPrice: maxPrice !== undefined,
    attributes: attributes.length,
  };
}

export function filterValuesOf({ currency, maxPrice, attributes = [] }: Filters): FilterValues {
  const wanted = attributes.flatMap(({ name, value }, i) => {
    const [form, other] = formsOf(value).map((each) => JSON.stringify({ [name]: each }));
    return [
      [`attribute${i}`, form],
      [`other${i}`, other],
    ];
  });
  return { currency, maxPrice, ...Object.fromEntries(wanted) };
}

const minorUnits = constant(`'${JSON.stringify(UNUSUAL_MINOR_UNITS)}'::jsonb`);

/** @returns the condition that an item meets; undefined without filters */
export function isWantedBy(shape: FilterShape, values: FilterValues): SQL | undefined {
  const { currency, basePriceMinor, filterable } = inventoryItems;
  const has = (wanted: unknown): SQL =>
    sql`${filterable} @> (select fold_attributes(${wanted}::jsonb))`;
  const conditions = Array.from(
    { length: shape.attributes },
    (_, i) => sql`(${has(values[`attribute${i}`])} or ${has(values[`other${i}`])})`,
  );
  if (shape.hasCurrency) conditions.push(sql`${currency} = ${values['currency']}`);
  if (shape.hasMaxPrice) {
    const units = sql`coalesce((${minorUnits} ->> ${currency})::numeric, 100)`;
    conditions.push(sql`${basePriceMinor} <= ${values['maxPrice']}::numeric * ${units}`);
  }
  return and(...conditions);
}
