import type {
  DealServiceHandlers,
  NegotiateRequest,
  NegotiateResponse__Output,
  SearchRequest,
  SearchResponse__Output,
} from '@aura/proto';
import {
  dealService,
  decodeErrorDetail,
  inventoryService,
  negotiationService,
  packageDefinition,
  STATUS_DETAILS_TRAILER,
} from '@aura/proto';
import type { MethodDefinition, ServiceDefinition, ServiceError } from '@grpc/grpc-js';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { service as healthService } from 'grpc-health-check';

export interface CallOptions {
  readonly metadata?: Readonly<Record<string, string | Buffer>>;
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
}

export type Bid = Omit<NegotiateRequest, 'agent'> & { readonly agent?: { did?: string } | null };

/** Everything core serves, as promises. */
export function createGrpcClient(port: number, secured = credentials.createInsecure()) {
  const client = new Client(`127.0.0.1:${port}`, secured);
  const { Negotiate, Search, GetReservation, ReleaseReservation, GetReceiptKeys } =
    negotiationService;
  return {
    negotiate: (bid: Bid, options?: CallOptions) =>
      unary<any, NegotiateResponse__Output>(client, Negotiate, bid, options),
    search: (request: SearchRequest, options?: CallOptions) =>
      unary<any, SearchResponse__Output>(client, Search, request, options),
    reservation: async (reservationCode: string, options?: CallOptions) =>
      (await unary<any, any>(client, GetReservation, { reservationCode }, options)).reservation,
    release: async (reservationCode: string, options?: CallOptions) =>
      (await unary<any, any>(client, ReleaseReservation, { reservationCode }, options)).reservation,
    receiptKeys: () => unary<any, any>(client, GetReceiptKeys, {}),
    /** @param token the seller's, undefined for none */
    deals: (method: keyof DealServiceHandlers & string, request: object, token?: string) =>
      unary(client, dealService[method] as MethodDefinition<any, any>, request, {
        ...(token !== undefined && { metadata: { authorization: `Bearer ${token}` } }),
      }),
    /** @param token the seller's, undefined for none */
    inventory: (method: 'GetItem' | 'SetItemsActive', request: object, token?: string) =>
      unary(client, inventoryService[method] as MethodDefinition<any, any>, request, {
        ...(token !== undefined && { metadata: { authorization: `Bearer ${token}` } }),
      }),
    /** Sends the requests as a stream. @returns what comes back, one after the other */
    inventoryStream: (
      method: 'ImportItems' | 'ExportItems' | 'ReindexItems',
      requests: AsyncIterable<object> | Iterable<object>,
      token: string,
      signal?: AbortSignal,
    ) =>
      streamOf(
        client,
        inventoryService[method] as MethodDefinition<any, any>,
        requests,
        token,
        signal,
      ),
    /** Sends bytes as they are, which no serialiser would make. */
    sendRaw: (method: 'Negotiate' | 'Search', bytes: Buffer) => {
      const requestSerialize = (): Buffer => bytes;
      return unary(client, { ...negotiationService[method], requestSerialize } as any, {});
    },
    health: async (service: string): Promise<string> => {
      const check = healthService['Check'] as MethodDefinition<any, any>;
      return (await unary(client, check, { service })).status;
    },
    listServices: () => listServices(client),
    close: () => client.close(),
  };
}

export type GrpcClient = ReturnType<typeof createGrpcClient>;

function unary<Request, Response>(
  client: Client,
  method: MethodDefinition<Request, Response>,
  request: Request,
  { metadata = {}, signal, deadlineMs }: CallOptions = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = new Metadata();
    for (const [key, value] of Object.entries(metadata)) headers.set(key, value);
    const call = client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      headers,
      deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs },
      (error, response) => (error ? reject(error) : resolve(response as Response)),
    );
    signal?.addEventListener('abort', () => call.cancel());
  });
}

async function streamOf(
  client: Client,
  method: MethodDefinition<any, any>,
  requests: AsyncIterable<object> | Iterable<object>,
  token: string,
  signal?: AbortSignal,
): Promise<any[]> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const { path, requestSerialize, responseDeserialize } = method;
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
  signal?.addEventListener('abort', () => call.cancel());
  void (async () => {
    for await (const request of requests) call.write(request);
    call.end();
  })();
  const answers: any[] = [];
  for await (const answer of call) answers.push(answer);
  return answers;
}

/** By the reflection protocol itself, whose definition the library keeps to itself. */
function listServices(client: Client): Promise<string[]> {
  const offered: ServiceDefinition[] = [];
  new ReflectionService(packageDefinition).addToServer({
    addService: (definition) => void offered.push(definition),
  });
  const method = Object.values(offered[0] ?? {})[0] as MethodDefinition<any, any>;
  const stream = client.makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
  );
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('data', (answer) => {
      stream.end();
      const list = answer.listServicesResponse ?? answer.list_services_response;
      resolve(list.service.map((each: { name: string }) => each.name));
    });
    stream.write({ listServices: '*', list_services: '*' });
  });
}

export interface Fault {
  /** The name of the gRPC status. */
  readonly code: string | undefined;
  readonly message: string;
  readonly reason: string | undefined;
  /** Names of the fields at fault. */
  readonly fields: readonly string[];
  readonly retryAfterSeconds: number | undefined;
}

/** The fault a call ends with; an answer is an error here. */
export async function faultOf(call: Promise<unknown>): Promise<Fault> {
  const [result] = await Promise.allSettled([call]);
  if (result.status === 'fulfilled') throw new Error(`answered: ${JSON.stringify(result.value)}`);
  const { code, details, metadata } = result.reason as ServiceError;
  const [bytes] = metadata.get(STATUS_DETAILS_TRAILER);
  const detail = bytes ? decodeErrorDetail(bytes as Buffer) : {};
  return {
    code: status[code],
    message: details,
    reason: detail.reason,
    fields: detail.violations?.map(({ field }) => field) ?? [],
    retryAfterSeconds: detail.retryAfterSeconds || undefined,
  };
}
