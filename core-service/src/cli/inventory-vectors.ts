/** The commands share here what they do about vectors, and what they say of them. */
import { createInterface } from 'node:readline/promises';
import { createModels } from '../context.ts';
import type { Db } from '../db/client.ts';
import { DomainError, rootCause } from '../errors.ts';
import { embedInventory } from '../inventory/embed-inventory.ts';
import type { Embedded } from '../inventory/embed-items.ts';
import { countBare, countVectors } from '../inventory/embedding-repository.ts';
import { isSuccessor } from '../llm/local-embedder.ts';
import type { Wait } from '../llm/patient-embedder.ts';
import { findInventoryModel } from '../search/model-repository.ts';
import type { SellerContext } from './run.ts';
import { interrupted, progressBar, say, UsageError } from './run.ts';

/**
 * Gives a vector of our embedder to each item that has none of it. Vectors of another model are
 * replaced only when somebody agrees.
 *
 * @param isAgreed nobody is asked
 */
export async function reindex(ctx: SellerContext, isAgreed: boolean): Promise<void> {
  const seller = { ...ctx, ...(await createModels(ctx.config, ctx.logger, sayItWaits)) };
  const { model } = seller.embedder;
  const current = (await findInventoryModel(ctx.db)) ?? model;
  const isForeign = current !== model && !isSuccessor(current, model);
  const foreign = isForeign ? await countVectors(ctx.db, current) : 0;
  if (foreign > 0 && !isAgreed) await askToReplace(foreign, model);
  const signal = interrupted();
  const { report, onProgress } = embedding();
  const embedded = await embedInventory(seller, { signal, onProgress, replacing: true }).catch(
    (error: unknown) => explainEmbedding(error, signal.aborted),
  );
  report(embedded, model);
}

async function askToReplace(foreign: number, model: string): Promise<void> {
  const vectors = foreign === 1 ? '1 vector' : `${foreign} vectors`;
  const what = `this replaces ${vectors} of another model by those of ${model}, and searches of a core
that embeds with another model, and has not this one as MISTRAL_EMBED_MODEL_PREVIOUS, will be a 409 REINDEX_REQUIRED`;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UsageError(`${what}; nothing was changed.
To do so: inventory reindex --yes`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${what}. Go on? [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('nothing was changed');
}

/** Tells why nothing moves for a while. */
export function sayItWaits({ status, askedMs }: Wait): void {
  const until = new Date(Date.now() + askedMs).toTimeString().slice(0, 8);
  const asks = `the embedder asks to wait until ${until} (${status})`;
  process.stderr.write(
    `${asks}; it is asked again after a minute at most, and left after three. Ctrl-C loses nothing: inventory reindex goes on from there.\n`,
  );
}

/** Tells of items without a vector, if there are any, that only a core with another embedder may embed. */
export async function sayWhoEmbeds(db: Db, model: string, here: string): Promise<void> {
  const bare = await countBare(db, model);
  if (bare === 0) return;
  const items = bare === 1 ? '1 item has' : `${bare} items have`;
  say(`${items} no vector yet: the inventory is embedded by ${model}, and here is only ${here}.
A running core that embeds with ${model} makes them; until then words find these items.`);
}

/** A bar while items are embedded, and the lines at the end. */
export function embedding() {
  const started = performance.now();
  const bar = progressBar('embedded');
  const report = ({ count, refused }: Embedded, model: string): void => {
    bar.end();
    if (refused.size > 0) {
      const items = refused.size === 1 ? 'item' : 'items';
      const ids = [...refused.keys()].join(', ');
      say(`${refused.size} ${items} found by words alone, refused by the embedder: ${ids}`);
    }
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    say(
      count === 0 && refused.size === 0
        ? `Every item has a vector of ${model}.`
        : `${count} items embedded by ${model} in ${seconds} s.`,
    );
  };
  const onProgress = ({ done, of }: { readonly done: number; readonly of: number }): void =>
    bar.at(done, of);
  return { report, onProgress };
}

/** Says in one line what has failed, and how to go on: the items are written, whatever becomes of their vectors. */
export function explainEmbedding(error: unknown, isStopped: boolean): never {
  throw new UsageError(`${isStopped ? 'stopped' : whatFailed(error)}; what has no vector is found by its words alone.
To go on from there: inventory reindex`);
}

function whatFailed(error: unknown): string {
  const isEmbedder = error instanceof DomainError && error.reason === 'EMBEDDER_FAILED';
  if (isEmbedder) return `the embedder failed: ${(error.cause as Error).message}`;
  const { message, code } = rootCause(error) as {
    readonly message?: string;
    readonly code?: string;
  };
  return `the database could not keep the vectors: ${(message || code || '').split('\n', 1)[0]}`;
}
