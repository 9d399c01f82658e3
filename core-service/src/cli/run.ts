/** The commands share this: the config, the database, progress, and one line for each failure. */
import { ITEM_ID } from '@aura/proto/limits.ts';
import type { Config } from '../config.ts';
import { ConfigError, readConfig } from '../config.ts';
import type { Context } from '../context.ts';
import { inBulk } from '../context.ts';
import { DomainError, rootCause } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { readNumber } from '../numbers.ts';
import { quote } from '../typed-text.ts';

/** The command cannot do what was typed; the message says why. */
export class UsageError extends Error {}

/** The context of a command, which prices nothing and asks no model for words. */
export type SellerContext = Pick<Context, 'db' | 'inBulk' | 'logger' | 'config'>;

const BAR_WIDTH = 30;
const ID_FORM = new RegExp(ITEM_ID.pattern, 'u');
/** Names of the errors with which the SDK of Mistral says that a call got no answer. */
const NO_ANSWER = /^(Connection|RequestTimeout|RequestAborted|UnexpectedClient|Embedding)Error$/;

export const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Rows of cells as lines: the first column flush left, the others flush right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A text that no id looks like is quoted, so that its blanks and what nobody sees in it are seen. */
export function noItem(...ids: readonly string[]): UsageError {
  const seen = ids.map((id) => (ID_FORM.test(id) ? id : quote(id)));
  return new UsageError(`there is no item ${seen.join(', ')}`);
}

/** @throws UsageError that names the option */
export function readCount(option: string, text: string, min: number, max: number): number {
  const count = readNumber(text, { min, max, isWhole: true });
  if (typeof count === 'string') throw new UsageError(`${option} ${text}: ${count}`);
  return count;
}

/** A line that changes on a terminal; elsewhere nothing, because what counts is said at the end. */
export function progressBar(what: string) {
  const out = process.stderr;
  let drawn = false;
  return {
    at: (done: number, of?: number): void => {
      if (!out.isTTY) return;
      drawn = true;
      const share = of ? `${'█'.repeat((BAR_WIDTH * done) / of).padEnd(BAR_WIDTH, '░')} ` : '';
      out.write(`\r${share}${done}${of ? ` of ${of}` : ''} ${what} `);
    },
    end: (): void => void (drawn && out.write('\r\u001b[2K')),
  };
}

/** Aborts at the first Ctrl-C, so that a command stops at its next batch; a second one ends the process. */
export function interrupted(): AbortSignal {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  return abort.signal;
}

/** The config of a command: none of them prices anything, so they must not ask for the secret. */
export function readCommandConfig(): Config {
  return readConfig({ PRICING_SECRET: 'unused'.padEnd(16, '-'), ...process.env });
}

/** Runs a command on a connection with time for long statements. */
export async function onDatabase(command: (ctx: SellerContext) => Promise<void>): Promise<void> {
  const config = readCommandConfig();
  const logger = createLogger({ level: 'warn', service: config.serviceName });
  await inBulk(config, logger, (db) => command({ db, inBulk: (work) => work(db), logger, config }));
}

/** One line that says what to mend, or names the variable to look at. */
export function explain(error: unknown): string {
  const root = rootCause(error) as { code?: string; statusCode?: number; message: string };
  const text = root.message || String(root.code);
  if ([UsageError, ConfigError, DomainError].some((kind) => error instanceof kind)) return text;
  if (root.statusCode === 401) return 'MISTRAL_API_KEY is refused by the server';
  if (root.statusCode !== undefined || NO_ANSWER.test((error as Error).name)) {
    return `the model at MISTRAL_SERVER_URL cannot be used: ${text}`;
  }
  return `the database at DATABASE_URL cannot be used: ${text}`;
}
