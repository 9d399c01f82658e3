import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { ExportResultCode } from '@opentelemetry/core';
import type { ExportResult } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { TraceEndpoint } from '../telemetry-variables.ts';
import { GRPC_STATUS_WORDS } from '@aura/proto/limits.ts';

/** Each of both events is told at most once in so many milliseconds, however often exports fail. */
const QUIET_MS = 60_000;

export interface ExportFailure {
  readonly endpoint: string;
  /** A gRPC status, or the class of the error. */
  readonly error_type: string;
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
    return {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          this.#note(result, spans.length);
          done(result);
        }),
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: () => exporter.shutdown(),
    };
  }

  #note({ code, error }: ExportResult, spans: number): void {
    if (code === ExportResultCode.SUCCESS) this.#failure = undefined;
    else {
      this.#failure = this.#describe(error);
      this.#lost += spans;
    }
    this.#outside(() => this.#tell());
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

  #describe(error: Error & { readonly code?: unknown } = new Error()): ExportFailure {
    const status = typeof error.code === 'number' ? GRPC_STATUS_WORDS[error.code] : undefined;
    const network = /\bE[A-Z_]{3,20}\b/.exec(error.message)?.[0];
    const { shown: endpoint, hint } = this.#endpoint;
    return {
      endpoint,
      error_type: status ?? error.name,
      ...(network !== undefined && { error_code: network }),
      ...(hint !== undefined && { hint }),
    };
  }
}
