import type { Logger } from '../logger.ts';

export function itemsImported(
  logger: Logger,
  changes: { readonly added: number; readonly updated: number; readonly unchanged: number },
): void {
  logger.info(changes, 'items_imported');
}
