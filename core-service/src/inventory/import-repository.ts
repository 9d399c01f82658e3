import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { importRows } from '../db/schema.ts';
import { DomainError } from '../errors.ts';
import { COLUMNS } from './columns.ts';
import type { ItemRow, Problem } from './item-row.ts';

export interface Changes {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** @returns a name for what an import brings until it is written; nobody sees it before that */
export function openStage(): string {
  return randomUUID();
}

export async function dropStage(db: Db, stageId: string): Promise<void> {
  await db.execute(sql`delete from ${importRows} where import_id = ${stageId}`);
}

export interface StagedItem {
  readonly line: number;
  readonly item: ItemRow;
}

export async function stage(db: Db, stageId: string, items: readonly StagedItem[]): Promise<void> {
  if (items.length === 0) return;
  await db.execute(sql`insert into ${importRows} (import_id, line, item)
    select ${stageId}::uuid, rows.* from jsonb_to_recordset(${JSON.stringify(items)}::jsonb)
      as rows (line int, item jsonb)`);
}

/**
 * Writes what was staged, all or nothing. Items that are there are locked first, in the order of
 * their ids, so that nobody changes them between the look and the write.
 *
 * @param count the number of items that were staged
 * @throws DomainError `conflict` when others added the same items meanwhile, `unavailable` when the database
 *   has lost some of what was staged
 */
export function applyStage(
  db: Db,
  stageId: string,
  { count, limit }: { readonly count: number; readonly limit: number },
): Promise<Applied> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`
      select from inventory_items
      where id in (select item ->> 'id' from ${importRows} where import_id = ${stageId})
      order by id for update`);
    const conflicts = await findConflicts(tx, stageId, limit);
    return conflicts.length > 0 ? { conflicts } : { changes: await write(tx, stageId, count) };
  });
}

/** Deletes what imports that were killed have left. */
export async function sweepStages(db: Db): Promise<number> {
  const { rowCount } = await db.execute(
    sql`delete from ${importRows} where staged_at < now() - interval '1 day'`,
  );
  return rowCount ?? 0;
}

export type Applied = { readonly conflicts: readonly Problem[] } | { readonly changes: Changes };

type Tx = Pick<Db, 'execute'>;

/** Finds what only the inventory can tell: an item's haggles and deals are in its currency for good. */
async function findConflicts(db: Tx, stageId: string, limit: number): Promise<Problem[]> {
  const result = await db.execute<{ line: number; id: string; currency: string }>(sql`
    select line, id, currency from ${importRows}
      join inventory_items on id = item ->> 'id' and currency <> item ->> 'currency'
    where import_id = ${stageId} order by line limit ${limit}`);
  return result.rows.map(({ line, id, currency }) => {
    const reason = `${id} is sold in ${currency}, which cannot change; give it another id`;
    return { line, column: 'currency', reason };
  });
}

/** Adds and updates a few items at once. */
export async function writeItems(db: Db, items: readonly ItemRow[]): Promise<Applied> {
  const stageId = openStage();
  try {
    const staged = items.map((item, i) => ({ line: i + 1, item }));
    await stage(db, stageId, staged);
    return await applyStage(db, stageId, { count: staged.length, limit: 1 });
  } finally {
    await dropStage(db, stageId);
  }
}

const known = Object.values(COLUMNS).filter(({ stored }) => stored !== 'id');
const names = known.map(({ stored }) => stored);
const each = (toSql: (column: string) => string): string => names.map(toSql).join(', ');
/** A column that a row leaves out stays as it is, and is the initial one of an item that is new. */
const merged = known.map(({ stored, initial }) =>
  initial === undefined
    ? `staged.${stored}`
    : `case when item ? '${stored}' then staged.${stored} else coalesce(old.${stored}, ${initial}) end as ${stored}`,
);
const isDistinct = (one: string, other: string): string =>
  `(${each((column) => `${one}.${column}`)}) is distinct from (${each((column) => `${other}.${column}`)})`;
/** The vector of the same text still says something of the item; that of another text does not. */
const isSameText = ['name', 'description', 'attributes']
  .map((column) => `inventory_items.${column} = excluded.${column}`)
  .join(' and ');
const ifSameText = (column: string): string =>
  `${column} = case when ${isSameText} then inventory_items.${column} end`;

/** Rows that are as they were are not touched. */
async function write(db: Tx, stageId: string, count: number): Promise<Changes> {
  const result = await db.execute<Record<'total' | 'due' | 'added' | 'written', string>>(sql`
    with staged as (
      select item, rows.* from ${importRows},
        jsonb_populate_record(null::inventory_items, item) as rows
      where import_id = ${stageId}
    ),
    merged as (
      select staged.id, ${sql.raw(merged.join(', '))}
      from staged left join inventory_items old using (id)
    ),
    due as (
      select merged.* from merged left join inventory_items old using (id)
      where old.id is null or ${sql.raw(isDistinct('merged', 'old'))}
    ),
    written as (
      insert into inventory_items (id, ${sql.raw(names.join(', '))})
      select * from due order by id
      on conflict (id) do update set updated_at = now(),
        ${sql.raw(each((column) => `${column} = excluded.${column}`))},
        ${sql.raw(['embedding', 'embedding_model'].map(ifSameText).join(', '))}
        where inventory_items.currency = excluded.currency
      returning xmax = 0 as is_new
    )
    select (select count(*) from staged) as total, (select count(*) from due) as due,
      count(*) as written, count(*) filter (where is_new) as added
    from written`);
  const [row] = result.rows;
  const [total = 0, due = 0, added = 0, written = 0] = row
    ? [row.total, row.due, row.added, row.written].map(Number)
    : [];
  if (total < count) {
    const message = 'the database has lost a part of the import; nothing was changed, try again';
    throw new DomainError('unavailable', 'DATABASE_UNAVAILABLE', message);
  }
  if (written < due) {
    const message = 'others added the same items meanwhile; nothing was changed, try again';
    throw new DomainError('conflict', 'CONCURRENT_IMPORT', message);
  }
  return { added, updated: written - added, unchanged: total - written };
}
