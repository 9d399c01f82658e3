/** What OpenTelemetry's registry of semantic conventions says, as far as a load can be held against it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** derive-registry.ts makes it. */
export const REGISTRY_FILE = join(import.meta.dirname, 'registry.json');

interface Gone {
  /** True where it went, as it was, to the repository of the conventions on generative AI. */
  readonly moved?: true;
  /** Why it is deprecated, or what to use. */
  readonly deprecated?: string;
}
export interface AttributeFacts extends Gone {
  /** `string`, `int`, `double`, `boolean`, one of these with `[]`, `any`, or `template[…]` of a family of names. */
  readonly type: string;
  /** The kinds of groups that refer to it; absent where none does. */
  readonly at?: readonly string[];
}
export interface MetricFacts extends Gone {
  readonly instrument: string;
  readonly unit: string;
  readonly required: readonly string[];
}
export interface SpanFacts extends Gone {
  readonly kind: string;
  readonly required: readonly string[];
  /** Required under a condition that the registry says in words. */
  readonly conditional: readonly string[];
}

export interface RegistryFacts {
  readonly source: string;
  readonly version: string;
  /** It pins the content of all that was read. */
  readonly commit: string;
  readonly license: string;
  readonly attributes: Readonly<Record<string, AttributeFacts>>;
  readonly metrics: Readonly<Record<string, MetricFacts>>;
  readonly spans: Readonly<Record<string, SpanFacts>>;
}

export function readConventions(): RegistryFacts {
  return JSON.parse(readFileSync(REGISTRY_FILE, 'utf8')) as RegistryFacts;
}
