/** What a statement does, and to which table, for the names of spans. Each statement is read once. */

export interface QuerySummary {
  /** The command in capitals, such as `INSERT`. */
  readonly operation: string;
  /** The table that it is about; undefined where there is none. */
  readonly collection: string | undefined;
  /** Both together, which is the name of the span, such as `INSERT negotiation_rounds`. */
  readonly summary: string;
}

/** Texts, quoted names, words and parentheses; all else says nothing of what a statement does. */
const TOKENS = /'(?:[^']|'')*'|(?:"[^"]*"|[a-z_][\w$]*)(?:\.(?:"[^"]*"|[a-z_][\w$]*))*|[()]/gi;
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE']);

interface Token {
  readonly text: string;
  readonly word: string;
  /** The number of parentheses around it. */
  readonly depth: number;
  /** False between the parentheses of a call, such as `extract(epoch from now())`. */
  readonly isQuery: boolean;
}

/** Returns the first word of a statement in capitals, such as `SELECT` or `WITH`. */
export function operationOf(text: string): string {
  return /[a-z]+/i.exec(text)?.[0].toUpperCase() ?? '';
}

/**
 * Summarises a statement. `WITH` says nothing of what a statement does: its last part does, or where
 * that only reads, the first part that changes something.
 */
export function summarize(text: string): QuerySummary {
  const tokens = tokensOf(text);
  const at = commandAt(tokens);
  const operation = tokens[at]?.word ?? '';
  const collection = collectionAt(tokens, at);
  const summary = collection === undefined ? operation : `${operation} ${collection}`;
  return { operation, collection, summary };
}

const QUERIES = /^(?:SELECT|WITH|INSERT|UPDATE|DELETE)$/;

function tokensOf(text: string): Token[] {
  // Each open parenthesis: whether a query stands in it, which its first word tells.
  const open: boolean[] = [true];
  let isFirst = false;
  return Array.from(text.matchAll(TOKENS), ([token]) => {
    const word = token.toUpperCase();
    if (token === ')') open.pop();
    else if (isFirst) open[open.length - 1] = QUERIES.test(word);
    isFirst = token === '(';
    const read = { text: token, word, depth: open.length - 1, isQuery: open.at(-1) ?? true };
    if (isFirst) open.push(false);
    return read;
  });
}

/** Returns the place of the command that names the statement. */
function commandAt(tokens: readonly Token[]): number {
  if (tokens[0]?.word !== 'WITH') return 0;
  const last = tokens.findIndex(
    ({ word, depth }, i) => depth === 0 && (word === 'SELECT' || isChange(tokens, i)),
  );
  if (last >= 0 && tokens[last]?.word !== 'SELECT') return last;
  const change = tokens.findIndex((_token, i) => isChange(tokens, i));
  return Math.max(change < 0 ? last : change, 0);
}

/** The `for update` of a lock is no change, and neither are `on conflict do update` and `on delete`. */
function isChange(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1]?.word ?? '';
  return CHANGES.has(tokens[i]?.word ?? '') && !['FOR', 'KEY', 'DO', 'ON'].includes(before);
}

function collectionAt(tokens: readonly Token[], at: number): string | undefined {
  const command = tokens[at];
  switch (command?.word) {
    case 'UPDATE':
      return tableAt(tokens, at + 1);
    case 'INSERT':
      return tableAt(tokens, after('INTO', tokens, at));
    case 'DELETE':
      return tableAt(tokens, after('FROM', tokens, at));
    case 'SELECT':
      return readTable(tokens);
    default:
      return undefined;
  }
}

function after(word: string, tokens: readonly Token[], at: number): number {
  return tokens.findIndex((token, i) => i > at && token.word === word) + 1;
}

/** Returns the table that a query reads: the first of those that lie within the fewest parentheses. */
function readTable(tokens: readonly Token[]): string | undefined {
  const parts = new Set(
    tokens.flatMap(({ text }, i) => (tokens[i + 1]?.word === 'AS' ? [text] : [])),
  );
  let found: { readonly name: string; readonly depth: number } | undefined;
  for (const [i, { word, isQuery, depth }] of tokens.entries()) {
    if (!isQuery || !(word === 'FROM' || word === 'JOIN')) continue;
    if (found !== undefined && found.depth <= depth) continue;
    const name = tokens[i + 2]?.word === '(' ? undefined : tableAt(tokens, i + 1);
    if (name !== undefined && !parts.has(name)) found = { name, depth };
  }
  return found?.name;
}

function tableAt(tokens: readonly Token[], at: number): string | undefined {
  const name = tokens[at]?.text;
  return name !== undefined && /^["a-z_]/i.test(name) ? name.replaceAll('"', '') : undefined;
}
