/** The bare path's first half: HTTP in, one gRPC call, JSON out. */
import type { MethodDefinition } from '@grpc/grpc-js';
import { Client, credentials } from '@grpc/grpc-js';
import fastify from 'fastify';
import type {
  NegotiateRequest,
  NegotiateResponse__Output,
  SearchRequest,
  SearchResponse__Output,
} from '../../../../proto/index.ts';
import { negotiationService } from '../../../../proto/index.ts';

interface BidBody {
  readonly item_id: string;
  readonly bid_amount: number;
  readonly agent_did: string;
  readonly session_token?: string;
}

const target = process.env['CORE_SERVICE_HOST'] ?? '';
const client = new Client(target, credentials.createInsecure());

function call<Request, Response>(
  { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      (error, response) => (error ? reject(error) : resolve(response as Response)),
    );
  });
}

const app = fastify();

app.post<{ Body: BidBody }>('/v1/negotiate', async ({ body, headers }) => {
  const method = negotiationService.Negotiate as unknown as MethodDefinition<
    NegotiateRequest,
    NegotiateResponse__Output
  >;
  const answer = await call(method, {
    itemId: body.item_id,
    bidAmount: body.bid_amount,
    agent: { did: body.agent_did },
    requestId: String(headers['idempotency-key'] ?? ''),
    sessionToken: body.session_token ?? '',
  });
  const { sessionToken, validUntilTimestamp, accepted, countered } = answer;
  return {
    session_token: sessionToken,
    valid_until: validUntilTimestamp,
    status: answer.result,
    data: accepted
      ? { final_price: accepted.finalPrice, reservation_code: accepted.reservationCode }
      : {
          proposed_price: countered?.proposedPrice,
          message: countered?.humanMessage,
          reason_code: countered?.reasonCode,
        },
  };
});

app.post<{ Body: { readonly query: string } }>('/v1/search', async ({ body }) => {
  const method = negotiationService.Search as unknown as MethodDefinition<
    SearchRequest,
    SearchResponse__Output
  >;
  const { results } = await call(method, { query: body.query, limit: 3 });
  return {
    results: results.map((item) => ({
      id: item.itemId,
      name: item.name,
      price: item.basePrice,
      currency: item.currencyCode,
      score: item.similarityScore,
      details: item.descriptionSnippet,
    })),
  };
});

await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
if (address === null || typeof address === 'string') throw new Error('no port');
process.send?.({ event: 'server_started', port: address.port });
