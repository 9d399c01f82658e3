import type { SQL } from 'drizzle-orm';
import { and, asc, count, eq, gt, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { inventoryItems, itemVectors } from '../db/schema.ts';
import { toBytes } from '../db/vector-values.ts';

export interface Unembedded {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: Record<string, unknown>;
  /** The time of the last change, as Postgres writes it. */
  readonly version: string;
}

/** Items without a vector of that model, inactive ones too, so that they can be activated at once. */
const isWithout = (model: string): SQL =>
  sql`not exists (select from item_vectors
    where item_vectors.model = ${model} and item_vectors.item_id = ${inventoryItems.id})`;

/** Counts the items that have no vector of that model. */
export async function countBare(db: Db, model: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(inventoryItems).where(isWithout(model));
  return row?.n ?? 0;
}

export async function countVectors(db: Db, model: string): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(itemVectors)
    .where(eq(itemVectors.model, model));
  return row?.n ?? 0;
}

/** @returns any item without a vector of that model, so that cores that look for work at once begin apart */
export async function findSomeBare(db: Db, model: string): Promise<string | undefined> {
  const { id } = inventoryItems;
  const [row] = await db
    .select({ id })
    .from(inventoryItems)
    .where(isWithout(model))
    .orderBy(sql`random()`)
    .limit(1);
  return row?.id;
}

export async function findUnembedded(
  db: Db,
  query: { readonly model: string; readonly after: string; readonly limit: number },
): Promise<Unembedded[]> {
  const { id, name, description, attributes, updatedAt } = inventoryItems;
  return db
    .select({ id, name, description, attributes, version: sql<string>`${updatedAt}::text` })
    .from(inventoryItems)
    .where(and(gt(id, query.after), isWithout(query.model)))
    .orderBy(asc(id))
    .limit(query.limit);
}

/** The number of vectors that go into a statement: with its index the embedded database takes 15 ms for each. */
const STORED_AT_ONCE = 16;

/** @returns how many were stored; an item that has changed meanwhile, or has a vector by now, is left out */
export async function storeVectors(
  db: Db,
  model: string,
  items: readonly Unembedded[],
  vectors: readonly (readonly number[])[],
): Promise<number> {
  let stored = 0;
  for (let at = 0; at < items.length; at += STORED_AT_ONCE) {
    const until = at + STORED_AT_ONCE;
    stored += await storeSome(db, model, items.slice(at, until), vectors.slice(at, until));
  }
  return stored;
}

async function storeSome(
  db: Db,
  model: string,
  items: readonly Unembedded[],
  vectors: readonly (readonly number[])[],
): Promise<number> {
  const made = items.map(
    ({ id, version }, i) =>
      sql`(${id}::text, ${version}::text, ${toBytes(vectors[i] ?? [])}::vector)`,
  );
  // The lock keeps an item from changing its text, and from taking its vectors away, in between.
  const { rowCount } = await db.execute(sql`
    with made (id, version, embedding) as (values ${sql.join(made, sql`, `)}),
    unchanged as (
      select item.id from inventory_items as item join made using (id)
      where item.updated_at::text = made.version for share of item
    )
    insert into item_vectors (model, item_id, embedding)
    select ${model}, id, made.embedding from unchanged join made using (id)
    on conflict do nothing`);
  return rowCount ?? 0;
}

/** Has searches compare that model's vectors from now on. */
export async function adoptModel(db: Db, model: string): Promise<void> {
  await db.execute(sql`
    insert into inventory_embedder (model) values (${model})
    on conflict (one) do update
    set model = excluded.model, former = inventory_embedder.model, since = now()
    where inventory_embedder.model <> excluded.model`);
}

/**
 * Deletes the vectors that were searched before, once every core has looked whose are now.
 *
 * @param kept models whose vectors stay, so that they can come back at once
 * @returns their number
 */
export async function deleteReplaced(db: Db, kept: readonly string[]): Promise<number> {
  const { rowCount } = await db.execute(sql`
    delete from item_vectors using inventory_embedder as its
    where item_vectors.model = its.former and its.former <> all (${sql.param([...kept])}::text[])
      and its.former <> its.model
      and its.since < now() - interval '1 minute'`);
  return rowCount ?? 0;
}

/** @returns the models that have made a vector of an item */
export async function findModelsOf(db: Db, itemId: string): Promise<string[]> {
  const { model } = itemVectors;
  const rows = await db
    .select({ model })
    .from(itemVectors)
    .where(eq(itemVectors.itemId, itemId))
    .orderBy(asc(model));
  return rows.map((row) => row.model);
}

/** Tells the planner how many vectors there are: with the number from before it would compare them one by one. */
export async function analyzeVectors(db: Db): Promise<void> {
  await db.execute(sql`analyze item_vectors`);
}
