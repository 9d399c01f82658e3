import type { Db } from '../db/client.ts';
import type { Item } from './repository.ts';
import { findItems } from './repository.ts';

/** Items are read this many at a time. */
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
