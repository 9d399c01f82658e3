/** Returns the first word of a statement in capitals, such as `SELECT` or `WITH`. */
export function operationOf(text: string): string {
  return /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? '';
}

/** Returns what a statement does: `WITH` says nothing of it, but the change it makes does. */
function verbOf(text: string): string {
  const operation = operationOf(text);
  if (operation !== 'WITH') return operation;
  // The `for update` of a lock is no change.
  return /(?<!\bfor )\b(insert|update|delete)\b/i.exec(text)?.[0].toUpperCase() ?? operation;
}

/** Returns the name of a statement's span, such as `pg.query:SELECT aura`. */
export function queryName(text: string, database: unknown): string {
  return typeof database === 'string'
    ? `pg.query:${verbOf(text)} ${database}`
    : `pg.query:${verbOf(text)}`;
}
