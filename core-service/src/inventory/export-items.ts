import type { Db } from '../db/client.ts';
import { formatPlain } from '../money.ts';
import type { COLUMNS } from './item-row.ts';
import type { Item } from './repository.ts';
import { findItems } from './repository.ts';

const PAGE = 500;

/** Every item, inactive ones too, by id; a page of them at a time. */
export async function* allItems(db: Db): AsyncGenerator<Item> {
  for (let after = ''; ;) {
    const page = await findItems(db, { after, limit: PAGE });
    yield* page;
    after = page.at(-1)?.id ?? '';
    if (page.length < PAGE) return;
  }
}

/** As a file has it: importing it again changes nothing. */
export function toFileRow(item: Item): Readonly<Record<(typeof COLUMNS)[number], unknown>> {
  return {
    id: item.id,
    name: item.name,
    description: item.description,
    price: formatPlain(item.basePriceMinor, item.currency),
    floor: formatPlain(item.floorPriceMinor, item.currency),
    currency: item.currency,
    quantity: item.quantity,
    attributes: item.attributes,
    language: item.language,
    active: item.active,
    rounds: item.rounds,
    beta: item.beta,
    bucket_ratio: item.bucketRatio,
    opening_ratio: item.openingRatio,
  };
}
