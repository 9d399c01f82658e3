import type { ReceivedSpan } from './otlp.ts';

/** Traces that are kept; the oldest gives way to the next. */
const KEPT_TRACES = 1_000;
/**
 * Milliseconds without a new span after which a trace counts as finished: the two services send the
 * spans of a request in batches, about a second apart.
 */
const QUIET_MS = 1_500;

export interface TraceStore {
  add(spans: readonly ReceivedSpan[]): void;
  /** @param traceId 32 hex digits */
  get(traceId: string): readonly ReceivedSpan[];
  services(): string[];
  close(): void;
}

/** Keeps the last 1,000 traces. @param onFinished gets each trace that has gone quiet */
export function createTraceStore(
  onFinished: (spans: readonly ReceivedSpan[]) => void = () => undefined,
): TraceStore {
  const traces = new Map<string, ReceivedSpan[]>();
  const timers = new Map<string, NodeJS.Timeout>();

  function finishLater(traceId: string): void {
    clearTimeout(timers.get(traceId));
    const finish = (): void => {
      timers.delete(traceId);
      const spans = traces.get(traceId);
      if (spans) onFinished(spans);
    };
    timers.set(traceId, setTimeout(finish, QUIET_MS).unref());
  }

  return {
    add: (spans) => {
      for (const span of spans) {
        const known = traces.get(span.traceId);
        if (known) known.push(span);
        else traces.set(span.traceId, [span]);
        finishLater(span.traceId);
      }
      // A Map keeps the order of insertion, so the first traces are the oldest.
      for (const oldest of traces.keys()) {
        if (traces.size <= KEPT_TRACES) break;
        traces.delete(oldest);
      }
    },
    get: (traceId) => traces.get(traceId) ?? [],
    services: () => {
      const names = [...traces.values()].flatMap((spans) => spans.map((span) => span.service));
      return [...new Set(names)].toSorted();
    },
    close: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
