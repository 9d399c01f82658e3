/** What is in an export, and how much of it a collector's answer refuses. */
import type { ExportResult } from '@opentelemetry/core';

/** An exporter of any signal, as the SDK calls it. */
export interface Exporter {
  export(items: object, done: (result: ExportResult) => void): void;
}

/** The part of an OTLP exporter that reads answers, which the exporter keeps to itself. */
interface AnswerReader {
  deserializeResponse(bytes: Uint8Array): { readonly partialSuccess?: PartialSuccess };
}

/** Each signal has the one that is about it. */
interface PartialSuccess {
  readonly rejectedSpans?: number;
  readonly rejectedDataPoints?: number;
  readonly rejectedLogRecords?: number;
}

/** The part of the metrics of a process that is counted. */
interface Measured {
  readonly scopeMetrics: readonly {
    readonly metrics: readonly { readonly dataPoints: readonly unknown[] }[];
  }[];
}

/** @returns the number of spans, log records or data points */
export function countItems(items: object): number {
  if (Array.isArray(items)) return items.length;
  const { scopeMetrics } = items as Measured;
  return scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
}

/**
 * Listens to the answers that an exporter gets. It calls a partial success, or an answer that it cannot
 * read, a success, and leaves it to the SDK's own log. It reads the answer right before it tells the
 * result, in the same turn, so that the two belong together. Its delegate is private: the test against a
 * real collector notices when another version has it elsewhere.
 *
 * @returns how many items the answer at hand refuses; undefined where it cannot be read
 */
export function tapAnswers(exporter: object): () => number | undefined {
  let rejected: number | undefined = 0;
  const delegate = Reflect.get(exporter, '_delegate') as object | undefined;
  const serializer = delegate && (Reflect.get(delegate, '_serializer') as AnswerReader | undefined);
  if (serializer) {
    const deserializeResponse = (bytes: Uint8Array) => {
      rejected = undefined;
      const answer = serializer.deserializeResponse(bytes);
      rejected = rejectedIn(answer.partialSuccess);
      return answer;
    };
    Reflect.set(delegate, '_serializer', { ...serializer, deserializeResponse });
  }
  return () => {
    const taken = rejected;
    rejected = 0;
    return taken;
  };
}

function rejectedIn(answer: PartialSuccess = {}): number {
  const { rejectedSpans, rejectedDataPoints, rejectedLogRecords } = answer;
  return rejectedSpans ?? rejectedDataPoints ?? rejectedLogRecords ?? 0;
}
