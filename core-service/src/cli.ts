/** What the seller's command lines share: the config, the database, and one line for each failure. */
import { ConfigError, readConfig } from './config.ts';
import type { Context } from './context.ts';
import { openDatabase } from './db/client.ts';
import { DomainError, rootCause } from './errors.ts';
import { createLogger } from './logger.ts';

/** What was typed is wrong; the message says how. */
export class UsageError extends Error {}

const BAR = 30;

export type SellerContext = Pick<Context, 'db' | 'logger' | 'config'>;

export const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** On a terminal a line that changes; elsewhere nothing, because what counts is said at the end. */
export function progressBar(what: string) {
  const out = process.stderr;
  let drawn = false;
  return {
    at: (done: number, of?: number): void => {
      if (!out.isTTY) return;
      drawn = true;
      const share = of ? `${'█'.repeat((BAR * done) / of).padEnd(BAR, '░')} ` : '';
      out.write(`\r${share}${done}${of ? ` of ${of}` : ''} ${what} `);
    },
    end: (): void => void (drawn && out.write('\r\u001b[2K')),
  };
}

/** Runs a command on the database, to its end; a failure is a line on stderr and exit code 1. */
export async function runCommand(command: (ctx: SellerContext) => Promise<void>): Promise<void> {
  try {
    // None of them prices anything, so they must not ask for the secret.
    const config = readConfig({ PRICING_SECRET: 'unused'.padEnd(16, '-'), ...process.env });
    const logger = createLogger({ level: 'warn', service: config.serviceName });
    const database = openDatabase({ url: config.database.url, poolSize: 1, bulk: true }, logger);
    try {
      await command({ db: database.db, logger, config });
    } finally {
      await database.close();
    }
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}

function explain(error: unknown): string {
  const { message } = rootCause(error) as Error;
  const known = [UsageError, ConfigError, DomainError].some((kind) => error instanceof kind);
  return known ? message : `DATABASE_URL cannot be used: ${message}`;
}
