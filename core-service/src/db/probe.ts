import { setTimeout as wait } from 'node:timers/promises';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Pool, QueryResult } from 'pg';
import { isLate } from './faults.ts';

/** A sign of life is waited for so many milliseconds, twice. */
export const PROBE_TIMEOUT_MS = 450;

const untraced = suppressTracing(ROOT_CONTEXT);

/** Asks a database for a sign of life, on a connection that serves nothing else and leaves no span. */
export class Probe {
  readonly #pool: Pool;
  readonly #isShared: boolean;
  #asked: Promise<unknown> | undefined;

  /** @param isShared as of `sharesSession` */
  constructor(pool: Pool, isShared: boolean) {
    this.#pool = pool;
    this.#isShared = isShared;
  }

  query(text: string, values?: unknown[]): Promise<QueryResult> {
    return context.with(untraced, () => this.#pool.query(text, values));
  }

  /**
   * Resolves when the database answers, and rejects within a second when it does not. A shared session
   * that says nothing is busy with somebody else's long statement: one that is gone refuses or breaks off.
   */
  async ping(): Promise<void> {
    if (this.#isShared) return await this.#askPatiently();
    // A process that stood still for a moment hears its timers before the answers that came meanwhile.
    await this.query('select 1').catch((error: unknown) => {
      if (!isLate(error)) throw error;
      return this.query('select 1');
    });
  }

  /** Everybody waits for the same answer: a new connection at each look would soon be one too many. */
  async #askPatiently(): Promise<void> {
    this.#asked ??= this.query('select 1').finally(() => (this.#asked = undefined));
    const heard = new AbortController();
    const silence = wait(2 * PROBE_TIMEOUT_MS, undefined, { signal: heard.signal });
    silence.catch(() => undefined);
    try {
      await Promise.race([this.#asked, silence]);
    } finally {
      heard.abort();
    }
  }
}
