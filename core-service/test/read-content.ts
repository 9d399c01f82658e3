/** What the tests of files have in common: an item, and how a file that is read looks to who imports it. */
import { Readable } from 'node:stream';
import { readItem } from '../src/inventory/item-row.ts';
import { readItems } from '../src/inventory/read-file.ts';

export const HEADER = 'id,name,description,price,floor,currency';
export const ROW = 'a1,Tent,A tent.,89.90,60,USD';
/** The item of that row. */
export const TENT = {
  id: 'a1',
  name: 'Tent',
  description: 'A tent.',
  base_price_minor: 8_990,
  floor_price_minor: 6_000,
  currency: 'USD',
};

/** Items of JSON, each with its own fields besides. */
export const json = (...more: readonly object[]): readonly object[] =>
  more.map((each, i) => ({
    id: `j${i + 1}`,
    name: 'Tent',
    description: 'A tent.',
    price: 89.9,
    floor: 60,
    currency: 'USD',
    ...each,
  }));

/** @returns the items, or a line for each mistake as the command line prints it */
export async function read(
  content: string | Buffer | Readable,
  encoding?: string,
): Promise<unknown[]> {
  const bytes =
    content instanceof Readable
      ? content
      : Readable.from([Buffer.from(content)], { objectMode: false });
  const found: unknown[] = [];
  for await (const each of readItems(bytes, encoding)) {
    const item = 'raw' in each ? readItem(each.line, each.raw) : [each];
    if (!Array.isArray(item)) found.push(item);
    else
      for (const { line, column, reason } of item) {
        found.push(`${line}${column === undefined ? '' : `, ${column}`}: ${reason}`);
      }
  }
  return found;
}
