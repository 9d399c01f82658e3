/** The metric of how long calls of core take, which is the same whoever makes their spans. */
import { performance } from 'node:perf_hooks';
import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';
import type { Attributes } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';

const OK = 0;
const UNKNOWN = 2;

const duration = metrics.getMeter('aura.gateway.rpc').createHistogram('rpc.client.call.duration', {
  description: 'Duration of calls of core, retries included',
  unit: 's',
  advice: {
    explicitBucketBoundaries: [
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ],
  },
});

/** The label sets by method and by status; the methods are those that this gateway calls. */
const labelSets = new Map<string, readonly Attributes[]>();

/**
 * Records a call that has ended.
 *
 * @param path the method's, such as `/aura.negotiation.v1.NegotiationService/Search`
 * @param startedAt by `performance.now()`
 * @param code of gRPC, absent where the call went well
 */
export function recordCall(path: string, startedAt: number, code = OK): void {
  const labels = labelSets.get(path) ?? learn(path);
  duration.record((performance.now() - startedAt) / 1_000, labels[code] ?? labels[UNKNOWN]);
}

/** The SDK looks up what is frozen without working out its hash again. */
function learn(path: string): readonly Attributes[] {
  const learnt = GRPC_STATUS_WORDS.map((status, code) =>
    Object.freeze({
      'rpc.system.name': 'grpc',
      'rpc.method': path.slice(1),
      'rpc.status_code': status,
      ...(code !== OK && { 'error.type': status }),
    }),
  );
  labelSets.set(path, learnt);
  return learnt;
}
