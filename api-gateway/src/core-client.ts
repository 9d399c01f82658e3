import type {
  GetReservationRequest,
  GetReservationResponse__Output,
  NegotiateRequest,
  NegotiateResponse__Output,
  ReleaseReservationRequest,
  ReleaseReservationResponse__Output,
  SearchRequest,
  SearchResponse__Output,
} from '@aura/proto';
import { negotiationService } from '@aura/proto';
import { NEGOTIATION_SERVICE } from '@aura/proto/limits.ts';
import type { ClientOptions, ServiceError } from '@grpc/grpc-js';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';

interface Call {
  readonly requestId: string;
  /** Aborts when the HTTP client goes away. */
  readonly signal: AbortSignal;
}

/** grpc.health.v1: SERVING or another word, by the name of the part. */
export type HealthStatuses = Readonly<Record<string, string>>;

/** Core as promises. Each rejects with grpc-js's ServiceError. */
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
  /** grpc.health.v1 List: a status for each part core tells of; '' is the whole. */
  health(): Promise<HealthStatuses>;
  close(): void;
}

const HEALTH_TIMEOUT_MS = 1_000;
/** grpc-js's words for a call that the server has not looked at, so that even a bid can go again. */
const REFUSED = 'Stream refused by server';
const MAX_REFUSALS = 3;
const MAX_ANSWER_BYTES = 1024 * 1024;

const SERVICE_CONFIG = {
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [
    {
      // What changes nothing the second time; not a bid, because each one is a round.
      name: ['Search', 'GetReservation', 'ReleaseReservation'].map((method) => ({
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
  // Core ends each connection after some seconds; then the name is asked for new replicas.
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
};

/** One channel to core, with a deadline on every call. */
export function createCoreClient(config: {
  readonly target: string;
  readonly timeoutMs: number;
}): CoreClient {
  const client = new Client(config.target, credentials.createInsecure(), CHANNEL_OPTIONS);

  function unary<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    deadline: number,
    call?: Call,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const metadata = new Metadata();
      if (call) metadata.set('x-request-id', call.requestId);
      const done = (error: ServiceError | null, response?: Response): void => {
        call?.signal.removeEventListener('abort', cancel);
        if (error) reject(error);
        else resolve(response as Response);
      };
      const pending = client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        { deadline },
        done,
      );
      const cancel = (): void => pending.cancel();
      call?.signal.addEventListener('abort', cancel);
      if (call?.signal.aborted) cancel();
    });
  }

  /**
   * A server that ends a connection for its age, or itself, refuses what comes at that moment.
   * grpc-js then asks another one, once; under load that one may be just as far.
   */
  async function untilTaken<Request, Response>(
    method: Method<Request, Response>,
    request: Request,
    call: Call,
  ): Promise<Response> {
    const deadline = Date.now() + config.timeoutMs;
    for (let refusals = 1; ; refusals++) {
      try {
        return await unary(method, request, deadline, call);
      } catch (error) {
        if ((error as ServiceError).details !== REFUSED || refusals > MAX_REFUSALS) throw error;
      }
    }
  }

  const { Search, Negotiate, GetReservation, ReleaseReservation } = negotiationService;
  return {
    search: (request, call) => untilTaken(Search, request, call),
    negotiate: (request, call) => untilTaken(Negotiate, request, call),
    getReservation: (request, call) => untilTaken(GetReservation, request, call),
    releaseReservation: (request, call) => untilTaken(ReleaseReservation, request, call),
    health: async () => {
      const list = healthService['List'] as unknown as Method<object, HealthList>;
      const answer = await unary(list, {}, Date.now() + HEALTH_TIMEOUT_MS);
      const entries = Object.entries(answer.statuses ?? {});
      return Object.fromEntries(entries.map(([name, each]) => [name, each.status]));
    },
    close: () => client.close(),
  };
}

/** The part of a method definition that a client needs. */
interface Method<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

interface HealthList {
  readonly statuses?: Readonly<Record<string, { readonly status: string }>>;
}
