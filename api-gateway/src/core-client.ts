import { performance } from 'node:perf_hooks';
import type {
  GetReceiptKeysResponse__Output,
  GetReservationRequest,
  GetReservationResponse__Output,
  GetTelemetryStatusResponse__Output,
  NegotiateRequest,
  NegotiateResponse__Output,
  ReleaseReservationRequest,
  ReleaseReservationResponse__Output,
  SearchRequest,
  SearchResponse__Output,
  VerifiedSignature,
} from '@aura/proto';
import {
  encodeSignature,
  negotiationService,
  SIGNATURE_METADATA,
  telemetryService,
} from '@aura/proto';
import { NEGOTIATION_SERVICE } from '@aura/proto/limits.ts';
import type { Context } from '@opentelemetry/api';
import { context } from '@opentelemetry/api';
import type { ClientOptions, ServiceError } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import { recordCall } from './call-duration.ts';
import { CoreChannels } from './core-channels.ts';
import { ConnectionLog } from './core-connection.ts';
import type { CoreTls } from './core-credentials.ts';
import { coreCredentials } from './core-credentials.ts';
import type { CoreThrottle } from './core-throttle.ts';
import { isOverloaded } from './errors.ts';
import type { Logger } from './logger.ts';
import type { VerifiedAgent } from './signatures/verify-request.ts';
import { CallSpans, endCallSpan } from './spans/call-span.ts';

/** A call of a request to core. */
export interface Call {
  readonly requestId: string;
  /** The signal aborts when the HTTP client goes away. */
  readonly signal: AbortSignal;
  /** Who signed the request, undefined where nobody did. */
  readonly agent?: VerifiedAgent | undefined;
  /** The call is made in this context, whose span and baggage go with it. */
  readonly context: Context;
}

/** The status of grpc.health.v1, SERVING or another word, by the name of the part. */
export type HealthStatuses = Readonly<Record<string, string>>;

/** Core's methods as promises; each rejects with grpc-js's ServiceError. */
export interface CoreClient {
  search(request: SearchRequest, call: Call): Promise<SearchResponse__Output>;
  negotiate(request: NegotiateRequest, call: Call): Promise<NegotiateResponse__Output>;
  getReservation(
    request: GetReservationRequest,
    call: Call,
  ): Promise<GetReservationResponse__Output>;
  releaseReservation(
    request: ReleaseReservationRequest,
    call: Call,
  ): Promise<ReleaseReservationResponse__Output>;
  getReceiptKeys(call: Call): Promise<GetReceiptKeysResponse__Output>;
  /** The answer of grpc.health.v1 List: each part that core reports, and '' for core as a whole. */
  health(): Promise<HealthStatuses>;
  /** Tells how core's telemetry fares. */
  telemetry(): Promise<GetTelemetryStatusResponse__Output>;
  close(): void;
}

/** Deadline of a health check; a core that takes longer counts as unavailable. */
const HEALTH_TIMEOUT_MS = 1_000;
/** grpc-js says this of a call that the server never looked at, so that even a bid can go again. */
const REFUSED = 'Stream refused by server';
/** Times that a refused call is sent again; after the last one its error is passed on. */
const MAX_REFUSALS = 3;
/** Bytes of one answer of core; a longer one fails the call with RESOURCE_EXHAUSTED. */
const MAX_ANSWER_BYTES = 1024 * 1024;

const SERVICE_CONFIG = {
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [
    {
      // These change nothing the second time. A bid would: each one is a round.
      name: ['Search', 'GetReservation', 'ReleaseReservation', 'GetReceiptKeys'].map((method) => ({
        service: NEGOTIATION_SERVICE,
        method,
      })),
      retryPolicy: {
        maxAttempts: 3,
        initialBackoff: '0.05s',
        maxBackoff: '0.3s',
        backoffMultiplier: 2,
        retryableStatusCodes: ['UNAVAILABLE'],
      },
    },
  ],
};

const CHANNEL_OPTIONS: ClientOptions = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 2_000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // Core ends each connection after some seconds; the client then resolves the name again, and so
  // finds new replicas.
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
};

/**
 * Opens channels to core and puts a deadline on every call.
 *
 * @throws TlsFilesError when the files of `tls` have become bad since the config was read
 */
export function createCoreClient(config: {
  readonly target: string;
  readonly timeoutMs: number;
  readonly tls?: CoreTls | undefined;
  readonly logger: Logger;
  readonly throttle?: CoreThrottle;
}): CoreClient {
  const secured = coreCredentials(config.tls, config.logger);
  const options = { ...CHANNEL_OPTIONS, ...secured.options };
  const channels = new CoreChannels(config.target, secured.credentials, options);
  const connection = new ConnectionLog(config.logger);
  const spans = new CallSpans(config.target);

  function unary<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    deadline: number,
    call?: Call,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const metadata = new Metadata();
      if (call) metadata.set('x-request-id', call.requestId);
      if (call?.agent) metadata.set(SIGNATURE_METADATA, encodeSignature(toMessage(call.agent)));
      const channel = channels.freest();
      channel.calls++;
      const span = call && spans.start(method.path, call.context, metadata);
      const startedAt = performance.now();
      const done = (error: ServiceError | null, response?: Response): void => {
        channel.calls--;
        call?.signal.removeEventListener('abort', cancel);
        if (span) endCallSpan(span, error);
        connection.ended(error);
        if (call) recordCall(method.path, startedAt, error?.code);
        if (error) reject(error);
        else resolve(response as Response);
      };
      const pending = withoutStack(() =>
        channel.client.makeUnaryRequest(
          method.path,
          method.requestSerialize,
          method.responseDeserialize,
          request,
          metadata,
          { deadline },
          done,
        ),
      );
      const cancel = (): void => pending.cancel();
      call?.signal.addEventListener('abort', cancel);
      if (call?.signal.aborted) cancel();
    });
  }

  /**
   * Sends a call again while servers refuse it. A server that closes an aged connection, or shuts
   * down, refuses the calls that arrive at that moment. grpc-js then tries another server, but only
   * once, and under load that one may be closing too.
   */
  async function untilTaken<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    call: Call,
  ): Promise<Response> {
    const deadline = Date.now() + config.timeoutMs;
    for (let refusals = 1; ; refusals++) {
      try {
        const answer = await context.with(call.context, () =>
          unary(method, request, deadline, call),
        );
        config.throttle?.answered(true);
        return answer;
      } catch (error) {
        config.throttle?.answered(!isOverloaded(error));
        if ((error as ServiceError).details !== REFUSED || refusals > MAX_REFUSALS) throw error;
      }
    }
  }

  const { Search, Negotiate, GetReservation, ReleaseReservation, GetReceiptKeys } =
    negotiationService;
  return {
    search: (request, call) => untilTaken(Search, request, call),
    negotiate: (request, call) => untilTaken(Negotiate, request, call),
    getReservation: (request, call) => untilTaken(GetReservation, request, call),
    releaseReservation: (request, call) => untilTaken(ReleaseReservation, request, call),
    getReceiptKeys: (call) => untilTaken(GetReceiptKeys, {}, call),
    health: async () => {
      const list = healthService['List'] as unknown as Method<object, HealthList>;
      const answer = await unary(list, {}, Date.now() + HEALTH_TIMEOUT_MS);
      const entries = Object.entries(answer.statuses ?? {});
      return Object.fromEntries(entries.map(([name, each]) => [name, each.status]));
    },
    telemetry: () => unary(telemetryService.GetTelemetryStatus, {}, Date.now() + HEALTH_TIMEOUT_MS),
    close: () => {
      channels.close();
      secured.close();
    },
  };
}

/**
 * Begins a call without the stack trace that grpc-js takes of each one for the error that it may fail
 * with; the trace would always lead here.
 */
function withoutStack<T>(begin: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return begin();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function toMessage({ did, validUntil, ...rest }: VerifiedAgent): VerifiedSignature {
  return { agentDid: did, validUntilTimestamp: validUntil, ...rest };
}

/** The part of a gRPC method definition that a client needs. */
interface Method<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

interface HealthList {
  readonly statuses?: Readonly<Record<string, { readonly status: string }>>;
}
