import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { ExportResultCode } from '@opentelemetry/core';
import type { ExportResult } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { TraceEndpoint } from './trace-endpoint.ts';
import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';

/** Each of both events is told at most once in so many milliseconds, however often exports fail. */
const QUIET_MS = 60_000;

export interface ExportFailure {
  readonly endpoint: string;
  /**
   * A gRPC status, the class of the error, `PARTIAL_SUCCESS` where the collector took the call and
   * not all of its spans, or `UNREADABLE_ANSWER`.
   */
  readonly error_type: string;
  /** The number of spans that a collector refused while it took the others of the batch. */
  readonly spans_rejected?: number;
  /** The code of a network error, such as ECONNREFUSED. The words of a collector are left out: they may repeat a header. */
  readonly error_code?: string;
  /** A remark about what is unusual at the endpoint. */
  readonly hint?: string;
}

export interface ExportRecovery {
  readonly endpoint: string;
  /** Since exports began to fail. */
  readonly spans_lost: number;
}

/** The part of an OTLP exporter that reads answers, which the exporter keeps to itself. */
interface AnswerReader {
  deserializeResponse(bytes: Uint8Array): {
    readonly partialSuccess?: { readonly rejectedSpans?: number };
  };
}

/** Tells when exports begin to fail, and when they work again. */
export class ExportWatch extends EventEmitter<{
  failed: [ExportFailure];
  recovered: [ExportRecovery];
}> {
  readonly #endpoint: TraceEndpoint;
  /** A batch is sent in the context of the request that filled it; what is told is about no request. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #failure: ExportFailure | undefined;
  #lost = 0;
  /** Spans that the answer at hand refuses; undefined where it could not be read. */
  #rejected: number | undefined = 0;
  #told: 'failed' | 'recovered' = 'recovered';
  readonly #toldAt = { failed: Number.NEGATIVE_INFINITY, recovered: Number.NEGATIVE_INFINITY };
  #isTimerSet = false;

  constructor(endpoint: TraceEndpoint) {
    super();
    this.#endpoint = endpoint;
  }

  /** False from an export that failed to the next one that did not. */
  isOk(): boolean {
    return this.#failure === undefined;
  }

  /** @returns the exporter, watched */
  around(exporter: SpanExporter): SpanExporter {
    this.#readAnswers(exporter);
    return {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          const rejected = this.#rejected;
          this.#rejected = 0;
          this.#note(result, spans.length, rejected);
          done(result);
        }),
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: () => exporter.shutdown(),
    };
  }

  /**
   * An exporter calls a partial success, or an answer that it cannot read, a success, and leaves it to
   * the SDK's own log. It reads the answer right before it tells the result, in the same turn, so that
   * the two belong together. Its delegate is private: the test against a real collector notices when
   * another version has it elsewhere.
   */
  #readAnswers(exporter: SpanExporter): void {
    const delegate = Reflect.get(exporter, '_delegate') as object | undefined;
    const serializer =
      delegate && (Reflect.get(delegate, '_serializer') as AnswerReader | undefined);
    if (!serializer) return;
    const deserializeResponse = (bytes: Uint8Array) => {
      this.#rejected = undefined;
      const answer = serializer.deserializeResponse(bytes);
      this.#rejected = answer.partialSuccess?.rejectedSpans ?? 0;
      return answer;
    };
    Reflect.set(delegate, '_serializer', { ...serializer, deserializeResponse });
  }

  /** @param rejected spans of a batch that was taken; undefined where nobody can tell */
  #note({ code, error }: ExportResult, spans: number, rejected: number | undefined): void {
    if (code !== ExportResultCode.SUCCESS) this.#fail(this.#describe(error), spans);
    else if (rejected === undefined) this.#fail({ error_type: 'UNREADABLE_ANSWER' }, spans);
    else if (rejected > 0) {
      this.#fail({ error_type: 'PARTIAL_SUCCESS', spans_rejected: rejected }, rejected);
    } else this.#failure = undefined;
    this.#outside(() => this.#tell());
  }

  #fail(failure: Omit<ExportFailure, 'endpoint' | 'hint'>, lost: number): void {
    const { shown: endpoint, hint } = this.#endpoint;
    this.#failure = { endpoint, ...failure, ...(hint !== undefined && { hint }) };
    this.#lost += lost;
  }

  /** A change that was undone within the quiet time is never told; the state that stands after it is. */
  #tell(): void {
    const state = this.#failure ? 'failed' : 'recovered';
    if (state === this.#told) return;
    const wait = this.#toldAt[state] + QUIET_MS - performance.now();
    if (wait > 0) {
      if (!this.#isTimerSet) setTimeout(() => this.#tellLater(), wait).unref();
      this.#isTimerSet = true;
      return;
    }
    this.#told = state;
    this.#toldAt[state] = performance.now();
    if (this.#failure) this.emit('failed', this.#failure);
    else this.emit('recovered', { endpoint: this.#endpoint.shown, spans_lost: this.#lost });
    if (!this.#failure) this.#lost = 0;
  }

  #tellLater(): void {
    this.#isTimerSet = false;
    this.#tell();
  }

  #describe(error: Error & { readonly code?: unknown } = new Error()) {
    const status = typeof error.code === 'number' ? GRPC_STATUS_WORDS[error.code] : undefined;
    const network = /\bE[A-Z_]{3,20}\b/.exec(error.message)?.[0];
    return {
      error_type: status ?? error.name,
      ...(network !== undefined && { error_code: network }),
    };
  }
}
