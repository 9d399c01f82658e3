import type { NegotiateResponse__Output } from '@aura/proto';
import {
  AGENT_ID,
  CURRENCY_CODE,
  ITEM_ID,
  MAX_AGENT_ID_LENGTH,
  MAX_AMOUNT,
  MAX_IDEMPOTENCY_KEY_LENGTH,
  SESSION_TOKEN,
} from '@aura/proto/limits.ts';
import { Type } from '../json-schema.ts';
import type { Static } from 'typebox';
import type { LoggedCall } from '../call.ts';
import type { CoreClient } from '../core-client.ts';
import { NotTheSigner } from '../refusal.ts';
import { noteOn } from '../spans/request-span.ts';
import { optional } from './optional.ts';
import { Receipt } from './receipt.ts';

/** A bid's idempotency key: a header over HTTP, an argument of the tool. */
export const IdempotencyKey = Type.String({
  minLength: 1,
  maxLength: MAX_IDEMPOTENCY_KEY_LENGTH,
  pattern: '^[\\x21-\\x7e]+$',
  description: `at most ${MAX_IDEMPOTENCY_KEY_LENGTH} visible characters; a bid that is sent again under its key is answered as before`,
});

export const Bid = Type.Object(
  {
    item_id: Type.String({
      pattern: ITEM_ID.pattern,
      description: ITEM_ID.words,
    }),
    bid_amount: Type.Number({
      exclusiveMinimum: 0,
      maximum: MAX_AMOUNT,
      description: 'The bid in major units, with no more decimals than the currency has',
    }),
    currency: optional(
      Type.String({
        pattern: CURRENCY_CODE.pattern,
        description: `${CURRENCY_CODE.words}; without it the item's currency is meant`,
      }),
    ),
    agent_did: Type.String({
      maxLength: MAX_AGENT_ID_LENGTH,
      pattern: AGENT_ID.pattern,
      description:
        `${AGENT_ID.words}; says who bids. A decentralised identifier (DID) is recommended: ` +
        'an agent that signs its requests is known by the DID of its key',
    }),
    session_token: optional(
      Type.String({
        pattern: SESSION_TOKEN.pattern,
        description: `${SESSION_TOKEN.words}; without it the haggling starts over`,
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [
      { item_id: 'hotel_alpha', bid_amount: 850, currency: 'USD', agent_did: 'did:example:buyer' },
    ],
  },
);

const base = {
  session_token: Type.String({ description: 'A secret that belongs into the next bid' }),
  valid_until: Type.Integer({
    description: 'The Unix time in seconds until which the quote stands',
  }),
};

export const BidAnswer = Type.Union(
  [
    Type.Object({
      ...base,
      status: Type.Literal('accepted'),
      data: Type.Object({
        final_price: Type.Number(),
        reservation_code: Type.String(),
        receipt: Type.Optional(Receipt),
      }),
    }),
    Type.Object({
      ...base,
      status: Type.Literal('countered'),
      data: Type.Object({
        proposed_price: Type.Number({
          description:
            'A bid of this much is accepted while the quote stands, if the item is on sale and no person has to confirm',
        }),
        message: Type.String(),
        reason_code: Type.String({
          description: '`BID_BELOW_ASK`, or `LAST_OFFER` when no lower price will come',
        }),
        rounds_left: Type.Optional(
          Type.Integer({
            description:
              'So many more counter-offers there can be, none after the last offer; only of items whose seller tells it',
          }),
        ),
      }),
    }),
    Type.Object({
      ...base,
      status: Type.Literal('rejected'),
      data: Type.Object({
        reason_code: Type.String({
          description:
            '`ITEM_NOT_FOUND`, `ITEM_UNAVAILABLE`, `OFFER_TOO_LOW`, `SESSION_INVALID`, `SESSION_EXPIRED`, `SESSION_CLOSED` or `DEAL_DECLINED`',
        }),
      }),
    }),
    Type.Object({
      ...base,
      status: Type.Literal('ui_required'),
      action_required: Type.Object(
        {
          template: Type.String(),
          context: Type.Record(Type.String(), Type.String()),
        },
        {
          description:
            'The bid lies above the high-value threshold of its currency, so a person has to confirm it',
        },
      ),
    }),
  ],
  {
    description: 'The answer of the seller; `status` says which kind it is',
    examples: [
      {
        session_token: 'sess_o74A8oVUA1ZMYAaTHcI90iOKRz7UumCw',
        valid_until: 1795365496,
        status: 'countered',
        data: {
          proposed_price: 986,
          message: 'We have looked again at Grand Hotel Alpha (Luxury) and can do 986.00 USD.',
          reason_code: 'BID_BELOW_ASK',
        },
      },
    ],
  },
);
export type BidAnswer = Static<typeof BidAnswer>;

/**
 * Bids at core.
 * @param idempotencyKey undefined where the caller gave none, so that each bid counts
 * @throws NotTheSigner where another agent signed the bid than the one that it names; grpc-js's ServiceError
 */
export async function negotiate(
  core: CoreClient,
  bid: Static<typeof Bid>,
  idempotencyKey: string | undefined,
  call: LoggedCall,
): Promise<BidAnswer> {
  noteOn(call.context, { 'aura.item.id': bid.item_id });
  if (call.agent && call.agent.did !== bid.agent_did) throw new NotTheSigner(call.agent.did);
  call.log.info({ item_id: bid.item_id }, 'negotiate_request_received');
  const request = {
    requestId: idempotencyKey ?? '',
    itemId: bid.item_id,
    bidAmount: bid.bid_amount,
    currencyCode: bid.currency ?? '',
    agent: { did: bid.agent_did },
    sessionToken: bid.session_token ?? '',
  };
  const response = await core.negotiate(request, call);
  const answer = toAnswer(response);
  noteOn(call.context, {
    'aura.negotiation.outcome': answer.status,
    ...(response.sessionId && { 'aura.session.id': response.sessionId }),
    ...(response.round > 0 && { 'aura.negotiation.round': response.round }),
  });
  return answer;
}

function toAnswer(response: NegotiateResponse__Output): BidAnswer {
  const { accepted, countered, rejected, uiRequired } = response;
  const common = {
    session_token: response.sessionToken,
    valid_until: response.validUntilTimestamp,
  };
  if (accepted) {
    const { finalPrice: final_price, reservationCode: reservation_code, receipt } = accepted;
    const data = { final_price, reservation_code, ...(receipt && { receipt }) };
    return { ...common, status: 'accepted', data };
  }
  if (countered) {
    const { proposedPrice: proposed_price, humanMessage: message, reasonCode } = countered;
    const { roundsLeft } = countered;
    const told = roundsLeft !== undefined && { rounds_left: roundsLeft };
    const data = { proposed_price, message, reason_code: reasonCode, ...told };
    return { ...common, status: 'countered', data };
  }
  if (rejected) {
    return { ...common, status: 'rejected', data: { reason_code: rejected.reasonCode } };
  }
  if (uiRequired) {
    const { templateId: template, contextData: context } = uiRequired;
    return { ...common, status: 'ui_required', action_required: { template, context } };
  }
  throw new Error('core answered without a result');
}
