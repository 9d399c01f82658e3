import type {
  ErrorDetail,
  GetReceiptKeysResponse,
  GetTelemetryStatusResponse,
  NegotiateRequest__Output,
  NegotiateResponse,
  Reservation,
  SearchRequest__Output,
  SearchResponse,
} from '@aura/proto';
import {
  encodeErrorDetail,
  negotiationService,
  STATUS_DETAILS_TRAILER,
  telemetryService,
} from '@aura/proto';
import type { sendUnaryData, ServerUnaryCall, StatusObject } from '@grpc/grpc-js';
import { Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

type Reply<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
) => Response | Promise<Response>;

/** A fake core is a real gRPC server whose answers a test sets. */
export interface FakeCore {
  /** The gateway's client finds it at this `host:port`. */
  readonly target: string;
  readonly health: HealthImplementation;
  search: Reply<SearchRequest__Output, SearchResponse>;
  negotiate: Reply<NegotiateRequest__Output, NegotiateResponse>;
  getReservation: Reply<Named, { reservation: Reservation }>;
  releaseReservation: Reply<Named, { reservation: Reservation }>;
  getReceiptKeys: Reply<object, GetReceiptKeysResponse>;
  telemetry: Reply<object, GetTelemetryStatusResponse>;
  /** The calls that arrived, in order. */
  readonly searches: ServerUnaryCall<SearchRequest__Output, SearchResponse>[];
  readonly bids: ServerUnaryCall<NegotiateRequest__Output, NegotiateResponse>[];
  /** Restores the answers of the start and forgets the calls. */
  reset(): void;
  /** Ends the server and cuts the calls under way. */
  close(): void;
}

function signal(name: string, exporter: string, lastExportTimestampMs: number) {
  return {
    signal: name,
    exporter,
    lastExportTimestampMs,
    lastFailureTimestampMs: 0,
    exportsFailed: 0,
    itemsLost: 0,
    failedLink: '',
    errorType: '',
    errorCode: '',
  };
}

interface Named {
  readonly reservationCode: string;
}

/** Telemetry that has sent one batch of spans, and serves metrics. */
export const TELEMETRY = {
  sampler: 'parentbased_always_on',
  sampledShare: 1,
  signals: [signal('traces', 'otlp', 1_795_365_496_000), signal('metrics', 'prometheus', 0)],
};

const COUNTERED: NegotiateResponse = {
  sessionToken: 'sess_0123456789abcdef',
  validUntilTimestamp: 1_795_365_496,
  countered: { proposedPrice: 986, reasonCode: 'BID_BELOW_ASK', humanMessage: 'Nearly.' },
};

/**
 * @param port the port of a core that went away; 0 for a free one
 * @param credentials by which it speaks TLS
 */
export async function startFakeCore(
  port = 0,
  credentials = ServerCredentials.createInsecure(),
): Promise<FakeCore> {
  const server = new Server();
  const health = new HealthImplementation({ '': 'SERVING' });
  health.addToServer(server);
  server.addService(negotiationService, {
    Search: (call: FakeCore['searches'][number], done: sendUnaryData<SearchResponse>) => {
      fake.searches.push(call);
      void settle(() => fake.search(call), done);
    },
    Negotiate: (call: FakeCore['bids'][number], done: sendUnaryData<NegotiateResponse>) => {
      fake.bids.push(call);
      void settle(() => fake.negotiate(call), done);
    },
    GetReservation: (
      call: ServerUnaryCall<Named, { reservation: Reservation }>,
      done: sendUnaryData<{ reservation: Reservation }>,
    ) => void settle(() => fake.getReservation(call), done),
    ReleaseReservation: (
      call: ServerUnaryCall<Named, { reservation: Reservation }>,
      done: sendUnaryData<{ reservation: Reservation }>,
    ) => void settle(() => fake.releaseReservation(call), done),
    GetReceiptKeys: (
      call: ServerUnaryCall<object, GetReceiptKeysResponse>,
      done: sendUnaryData<GetReceiptKeysResponse>,
    ) => void settle(() => fake.getReceiptKeys(call), done),
  });
  server.addService(telemetryService, {
    GetTelemetryStatus: (
      call: ServerUnaryCall<object, GetTelemetryStatusResponse>,
      done: sendUnaryData<GetTelemetryStatusResponse>,
    ) => void settle(() => fake.telemetry(call), done),
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) => {
    if (error) reject(error);
    else resolve(bound);
  });
  const answers = {
    search: (): SearchResponse => ({ results: [] }),
    negotiate: (): NegotiateResponse => COUNTERED,
    getReservation: ({ request }: ServerUnaryCall<Named, unknown>) =>
      reservationOf(request, 'RESERVATION_STATUS_HELD'),
    releaseReservation: ({ request }: ServerUnaryCall<Named, unknown>) =>
      reservationOf(request, 'RESERVATION_STATUS_RELEASED'),
    getReceiptKeys: (): GetReceiptKeysResponse => ({ keys: [] }),
    telemetry: (): GetTelemetryStatusResponse => TELEMETRY,
  };
  const fake: FakeCore = {
    target: `127.0.0.1:${await promise}`,
    health,
    ...answers,
    searches: [],
    bids: [],
    reset: () => {
      Object.assign(fake, answers);
      fake.searches.length = 0;
      fake.bids.length = 0;
    },
    close: () => server.forceShutdown(),
  };
  return fake;
}

function reservationOf(
  { reservationCode }: Named,
  status: 'RESERVATION_STATUS_HELD' | 'RESERVATION_STATUS_RELEASED',
) {
  const item = { itemId: 'hotel_alpha', itemName: 'Grand Hotel Alpha (Luxury)' };
  const price = { price: 986.5, currencyCode: 'USD', heldUntilTimestamp: 1_795_451_896 };
  return { reservation: { reservationCode, ...item, ...price, status } };
}

async function settle<Response>(
  reply: () => Response | Promise<Response>,
  done: sendUnaryData<Response>,
): Promise<void> {
  try {
    done(null, await reply());
  } catch (error) {
    done(error as StatusObject);
  }
}

/** Returns a reply that fails as core does, with a google.rpc.Status in the trailer. */
export function failWith(code: number, details: string, detail?: ErrorDetail): () => never {
  return () => {
    const metadata = new Metadata();
    if (detail) metadata.set(STATUS_DETAILS_TRAILER, encodeErrorDetail(code, details, detail));
    throw Object.assign(new Error(details), { code, details, metadata });
  };
}

/** Returns a reply that never comes; `reached` and `cancelled` tell what became of the call. */
export function hang(): {
  readonly reply: (call: {
    on(event: 'cancelled', listener: () => void): unknown;
  }) => Promise<never>;
  readonly reached: Promise<void>;
  readonly cancelled: Promise<void>;
} {
  const reached = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const reply = (call: { on(event: 'cancelled', listener: () => void): unknown }) => {
    call.on('cancelled', () => cancelled.resolve());
    reached.resolve();
    return new Promise<never>(() => {});
  };
  return { reply, reached: reached.promise, cancelled: cancelled.promise };
}
