/** The metric of how long calls take, which is the same whoever makes their spans. */
import { errorMonitor } from 'node:events';
import { performance } from 'node:perf_hooks';
import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';
import type { ServiceError } from '@grpc/grpc-js';
import type { Attributes } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';
import { isServerError } from '@aura/proto/rpc-span.ts';

const OK = 0;
const UNKNOWN = 2;

const duration = metrics.getMeter('aura.core.rpc').createHistogram('rpc.server.call.duration', {
  description: 'Duration of calls that this service answered',
  unit: 's',
  advice: {
    explicitBucketBoundaries: [
      0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ],
  },
});

type Answer = (error: ServiceError | null, ...rest: unknown[]) => void;
/** A call as its handler gets it; one that streams is told of its end, and of its failure, itself. */
interface ServerCall {
  once(event: 'finish' | typeof errorMonitor, listener: (error?: ServiceError) => void): unknown;
}
type Handler = (call: ServerCall, answer?: Answer) => unknown;

/** The definition of a service, with the path of each method, such as `/aura.negotiation.v1.NegotiationService/Search`. */
type Definition = Readonly<Record<string, { readonly path: string }>>;

/** Makes each handler of a service record how long its calls take, by method and status. */
export function measureService<Handlers extends object>(
  service: Definition,
  handlers: Handlers,
): Handlers {
  const measured = Object.entries(handlers).map(([name, handler]) => [
    name,
    measure(handler, labelsOf(service[name]?.path.slice(1) ?? name)),
  ]);
  return Object.fromEntries(measured) as Handlers;
}

function measure(handler: Handler, labels: readonly Attributes[]): Handler {
  return (call, answer) => {
    const startedAt = performance.now();
    const end = (error?: ServiceError | null): void =>
      duration.record(
        (performance.now() - startedAt) / 1_000,
        labels[error?.code ?? OK] ?? labels[UNKNOWN],
      );
    if (answer === undefined) {
      let hasEnded = false;
      const endOnce = (error?: ServiceError): void => {
        if (!hasEnded) end(error);
        hasEnded = true;
      };
      call.once('finish', endOnce);
      call.once(errorMonitor, endOnce);
      return handler(call);
    }
    return handler(call, (error, ...rest) => {
      end(error);
      answer(error, ...rest);
    });
  };
}

/** The label sets of a method, by status. The SDK looks up what is frozen without working out its hash again. */
function labelsOf(method: string): Attributes[] {
  return GRPC_STATUS_WORDS.map((status) =>
    Object.freeze({
      'rpc.system.name': 'grpc',
      'rpc.method': method,
      'rpc.status_code': status,
      ...(isServerError(status) && { 'error.type': status }),
    }),
  );
}
