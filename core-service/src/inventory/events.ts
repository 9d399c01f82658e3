import { asDomainError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { describeFailure } from '../telemetry/spans.ts';

export function itemsImported(
  logger: Logger,
  changes: { readonly added: number; readonly updated: number; readonly unchanged: number },
): void {
  logger.info(changes, 'items_imported');
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
  const reason = asDomainError(error)?.reason;
  logger.warn({ ...describeFailure(error), reason }, 'embedding_failed');
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
