import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { metrics } from '@opentelemetry/api';
import type { Attributes, Counter, Meter, MeterProvider, MetricOptions } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import type { ExportResult } from '@opentelemetry/core';
import type { OtlpEndpoint, Signal } from './otlp-endpoint.ts';
import type { FailureCause } from './export-failure.ts';
import { causeOf } from './export-failure.ts';
import { countItems, tapAnswers } from './export-items.ts';
import type { Exporter } from './export-items.ts';

/** Each of both events is told at most once in so many milliseconds, however often exports fail. */
const QUIET_MS = 60_000;
/** The SDK's word for what came when the queue was full. */
const QUEUE_FULL = 'queue_full';

/** What the lines of the log call the items of a signal, and the SDK the count of what its queue let go. */
const WORDS = {
  traces: {
    lost: 'spans_lost',
    rejected: 'spans_rejected',
    processed: 'otel.sdk.processor.span.processed',
  },
  metrics: { lost: 'data_points_lost', rejected: 'data_points_rejected', processed: '' },
  logs: {
    lost: 'log_records_lost',
    rejected: 'log_records_rejected',
    processed: 'otel.sdk.processor.log.processed',
  },
} as const satisfies Record<Signal, object>;
type ItemWord<Key extends 'lost' | 'rejected'> = (typeof WORDS)[Signal][Key];

export type ExportFailure = FailureCause & {
  readonly signal: Signal;
  readonly endpoint: string;
  /** A remark about what is unusual at the endpoint. */
  readonly hint?: string;
} & {
  /** How many items a collector refused while it took the others of the batch. */
  readonly [Key in ItemWord<'rejected'>]?: number;
};

/** It has the number of items lost since exports began to fail. */
export type ExportRecovery = { readonly signal: Signal; readonly endpoint: string } & {
  readonly [Key in ItemWord<'lost'>]?: number;
};

/** What became of a signal's exports since the process began. */
export interface ExportCounts {
  /** Unix milliseconds of the last export that was taken whole, and of the last other one; 0 before the first. */
  readonly lastExportAt: number;
  readonly lastFailureAt: number;
  readonly exportsFailed: number;
  /** Items that were not taken, or that a full queue let go. */
  readonly lost: number;
  /** Why the last export failed; undefined when it did not. */
  readonly failure: FailureCause | undefined;
}

/** Tells when the exports of a signal begin to fail, and when they work again, and counts what is lost. */
export class ExportWatch extends EventEmitter<{
  failed: [ExportFailure];
  recovered: [ExportRecovery];
}> {
  readonly signal: Signal;
  readonly endpoint: OtlpEndpoint;
  /** A batch is sent in the context of the request that filled it; what is told is about no request. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #counter: Counter | undefined;
  #failure: ExportFailure | undefined;
  #counts = { lastExportAt: 0, lastFailureAt: 0, exportsFailed: 0, lost: 0 };
  /** Items that were lost while exports failed, and of which no recovery has told. */
  #untold = 0;
  #told: 'failed' | 'recovered' = 'recovered';
  readonly #toldAt = { failed: Number.NEGATIVE_INFINITY, recovered: Number.NEGATIVE_INFINITY };
  #isTimerSet = false;

  constructor(signal: Signal, endpoint: OtlpEndpoint) {
    super();
    this.signal = signal;
    this.endpoint = endpoint;
  }

  counts(): ExportCounts {
    return { ...this.#counts, failure: this.#failure };
  }

  /** @returns the same exporter, which tells the watch from now on what becomes of each export */
  around<Watched extends Exporter>(exporter: Watched): Watched {
    const takeRejected = tapAnswers(exporter);
    const send = exporter.export.bind(exporter);
    exporter.export = (items, done) =>
      send(items, (result) => {
        this.#note(result, countItems(items), takeRejected());
        done(result);
      });
    return exporter;
  }

  /**
   * Returns the meters for a batch processor, which counts in them what its full queue lets go; the
   * watch listens, because a process may keep no metrics.
   */
  listenTo(provider: MeterProvider): MeterProvider {
    return {
      getMeter: (...scope) => {
        const meter = provider.getMeter(...scope);
        const createCounter = <Labels extends Attributes>(
          name: string,
          options?: MetricOptions,
        ): Counter<Labels> => {
          const counter = meter.createCounter<Labels>(name, options);
          return name === WORDS[this.signal].processed ? this.#hear(counter) : counter;
        };
        return Object.assign(Object.create(meter) as Meter, { createCounter });
      },
    };
  }

  #hear<Labels extends Attributes>(counter: Counter<Labels>): Counter<Labels> {
    return {
      add: (count, labels, context) => {
        counter.add(count, labels, context);
        if (labels?.['error.type'] === QUEUE_FULL) this.#lose(count, QUEUE_FULL);
      },
    };
  }

  /** @param rejected items of a batch that was taken; undefined where nobody can tell */
  #note({ code, error }: ExportResult, items: number, rejected: number | undefined): void {
    const { hint } = this.endpoint;
    if (code !== ExportResultCode.SUCCESS) this.#fail(causeOf(error, hint), items);
    else if (rejected === undefined) {
      this.#fail({ link: 'collector', error_type: 'UNREADABLE_ANSWER' }, items);
    } else if (rejected > 0) {
      const words = { [WORDS[this.signal].rejected]: rejected };
      this.#fail({ link: 'collector', error_type: 'PARTIAL_SUCCESS', ...words }, rejected);
    } else {
      this.#failure = undefined;
      this.#counts.lastExportAt = Date.now();
    }
    this.#outside(() => this.#tell());
  }

  #fail(cause: FailureCause, lost: number): void {
    const { shown: endpoint, hint } = this.endpoint;
    const { signal } = this;
    this.#failure = { signal, endpoint, ...cause, ...(hint !== undefined && { hint }) };
    this.#counts.lastFailureAt = Date.now();
    this.#counts.exportsFailed++;
    this.#lose(lost, cause.error_type);
  }

  #lose(count: number, why: string): void {
    this.#counts.lost += count;
    if (this.#failure) this.#untold += count;
    // The first loss makes the counter, because the meters of the process come after the watch.
    this.#counter ??= metrics.getMeter('aura.exports').createCounter('aura.telemetry.lost', {
      description: 'Spans, data points and log records that nobody will see',
      unit: '{item}',
    });
    this.#counter.add(count, { 'aura.telemetry.signal': this.signal, 'error.type': why });
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
    else this.emit('recovered', this.#recovery());
  }

  #tellLater(): void {
    this.#isTimerSet = false;
    this.#tell();
  }

  #recovery(): ExportRecovery {
    const words = { [WORDS[this.signal].lost]: this.#untold };
    this.#untold = 0;
    return { signal: this.signal, endpoint: this.endpoint.shown, ...words };
  }
}
