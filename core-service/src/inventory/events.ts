import { asDomainError, rootCause } from '../errors.ts';
import { EmbeddingError } from '../llm/embedder.ts';
import type { Logger } from '../logger.ts';
import { describeFailure } from '../telemetry/spans.ts';
import type { Leftover } from './leftovers.ts';

export function itemsImported(
  logger: Logger,
  changes: { readonly added: number; readonly updated: number; readonly unchanged: number },
): void {
  logger.info(changes, 'items_imported');
}

/** Texts of the stream look like what an export leaves behind; they were kept, and stay out of the log. */
export function leftoversImported(logger: Logger, leftovers: readonly Leftover[]): void {
  for (const { column, what, line, rows } of leftovers) {
    logger.warn({ column, looks_like: what, first_item: line, items: rows }, 'leftovers_imported');
  }
}

/** Items that had no vector were embedded in the background. */
export function itemsEmbedded(
  logger: Logger,
  embedded: { readonly model: string; readonly items: number },
): void {
  logger.info(embedded, 'items_embedded');
}

/** The vectors of a new version of the local embedder are being made; the former ones are searched. */
export function inventoryUpgrading(
  logger: Logger,
  progress: { readonly model: string; readonly done: number; readonly of: number },
): void {
  logger.info(progress, 'inventory_upgrading');
}

/** Searches go by the new vectors now. */
export function inventoryUpgraded(logger: Logger, by: { readonly model: string }): void {
  logger.info(by, 'inventory_upgraded');
}

/** The next look, half a minute later, goes on from there. */
export function embeddingFailed(logger: Logger, error: unknown): void {
  const known = asDomainError(error);
  const failure = known?.cause ?? error;
  const reason = reasonOf(failure) ?? known?.reason;
  logger.warn({ ...describeFailure(failure), reason }, 'embedding_failed');
}

/** Says what broke: our own words of an answer, or the code of a network error. The vendor's words stay out. */
function reasonOf(failure: unknown): string | undefined {
  if (failure instanceof EmbeddingError) return failure.message;
  const { code } = (rootCause(failure) ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** The inventory has the vectors of another model: core compares none of them. */
export function embedderDiffers(
  logger: Logger,
  models: { readonly inventory: string; readonly core: string },
): void {
  logger.warn(
    { inventory_model: models.inventory, core_model: models.core },
    'inventory_of_another_embedder',
  );
}
