/** The part of Aura that made a request fail, as a reader of its span wants to know it. */
import type { AuraAttributes } from '@aura/proto/telemetry.ts';
import { describeCore } from './errors.ts';
import type { Fault } from './problem.ts';

type Part = NonNullable<AuraAttributes['aura.error.part']>;

/** The reasons that core gives for a failure that began below it. */
const PARTS: Readonly<Record<string, Part>> = {
  DATABASE_UNAVAILABLE: 'database',
  DATABASE_TIMEOUT: 'database',
  EMBEDDER_FAILED: 'embedder',
};

/** Returns why a request was not served and, where the caller is not at fault, which part failed. */
export function describeFault({ status, reason }: Fault, error: unknown): AuraAttributes {
  return {
    ...(reason !== undefined && { 'aura.error.reason': reason }),
    ...(status >= 500 && { 'aura.error.part': partOf(reason, error) }),
  };
}

function partOf(reason: string | undefined, error: unknown): Part {
  const known = reason === undefined ? undefined : PARTS[reason];
  if (known) return known;
  return describeCore(error).grpc_status === undefined ? 'gateway' : 'core';
}
