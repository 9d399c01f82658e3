/** The words of the protocol that are needed beside its package. */
import { version } from '../version.ts';

/** The stateless revision, and those before it that begin with `initialize`. */
export const MODERN_VERSION = '2026-07-28';
export const LEGACY_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'];
export const PROTOCOL_VERSIONS: readonly string[] = [MODERN_VERSION, ...LEGACY_VERSIONS];

/** The name and version by which the server introduces itself. */
export const SERVER_INFO = { name: 'aura', title: 'Aura', version };

/** A JSON-RPC request or notification as far as we read it ourselves. */
export interface Message {
  readonly method: string;
  readonly id?: string | number;
  readonly params?: Readonly<Record<string, unknown>>;
}
