import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';

/** A value of ours in the text of a statement, where Postgres sees its type and plans by it. */
export const constant = (value: number | string): SQL => sql.raw(String(value));
