/** The ways to run Aura that the bench compares. To compare one more, add a line. */

export interface Variant {
  readonly says: string;
  /** Goes to both services on top of what all get. */
  readonly env?: NodeJS.ProcessEnv;
  /** True preloads no-telemetry.ts in place of the services' own telemetry. */
  readonly isUnpatched?: boolean;
  /** True runs the two processes of bare/ instead of the services. */
  readonly isBare?: boolean;
  /** The checkout whose services run; undefined is this one. */
  readonly root?: string;
}

export const VARIANTS: Readonly<Record<string, Variant>> = {
  all: { says: 'all telemetry on, every request sampled' },
  sampled: {
    says: 'one request in a hundred sampled',
    env: { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' },
  },
  'no-logs': { says: 'all telemetry on, no logs', env: { LOG_LEVEL: 'silent' } },
  unpatched: { says: 'nothing patched, no span and no metric', isUnpatched: true },
  bare: {
    says: 'fastify, grpc-js and pg with the same statements, and nothing else',
    isBare: true,
  },
};

/** @returns the variants that all others of a run are compared with */
export function basesOf(names: readonly string[]): string[] {
  return names.filter(
    (name) =>
      ['unpatched', 'bare', 'against'].includes(name) || (name === 'all' && names.includes('with')),
  );
}
