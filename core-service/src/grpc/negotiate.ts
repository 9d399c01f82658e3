import type {
  NegotiateRequest__Output,
  NegotiateResponse,
  NegotiationServiceHandlers,
} from '@aura/proto';
import type { Context } from '../context.ts';
import type { DomainError } from '../errors.ts';
import { invalidArgument } from '../errors.ts';
import { toMajor } from '../money.ts';
import type { NegotiateResult } from '../negotiation/negotiate.ts';
import { negotiate } from '../negotiation/negotiate.ts';
import type { Call } from '../request-scope.ts';
import { unary } from './unary.ts';
import * as validate from './validate.ts';

export function negotiateHandler(ctx: Context): NegotiationServiceHandlers['Negotiate'] {
  const logger = ctx.logger.child({ logger: 'negotiation' });
  const answer = async (
    request: NegotiateRequest__Output,
    call: Call,
  ): Promise<NegotiateResponse> => {
    const agentDid = request.agent?.did ?? '';
    validate.validate({
      request_id: validate.requestId(request.requestId),
      item_id: validate.itemId(request.itemId),
      bid_amount: validate.bidAmount(request.bidAmount),
      currency_code: validate.currencyCode(request.currencyCode),
      'agent.did': validate.agentDid(agentDid),
      session_token: validate.sessionToken(request.sessionToken),
    });
    const { itemId, bidAmount } = request;
    const signer = call.signature?.agentDid;
    if (signer !== undefined && signer !== agentDid) throw notTheSigner();
    const input = {
      idempotencyKey: request.requestId || undefined,
      itemId,
      bidAmount,
      agentDid,
      isVerified: signer !== undefined,
      currency: request.currencyCode || undefined,
      sessionToken: request.sessionToken || undefined,
    };
    return toResponse(await negotiate({ ...ctx, logger }, input, call));
  };
  return unary(logger, 'Negotiate', answer);
}

function notTheSigner(): DomainError {
  const description = 'must be the DID that signed the request';
  return invalidArgument([{ field: 'agent.did', description }]);
}

function toResponse(result: NegotiateResult): NegotiateResponse {
  const { outcome, currency } = result;
  const answer = {
    sessionToken: result.sessionToken,
    validUntilTimestamp: result.validUntil,
    sessionId: result.sessionId ?? '',
    round: result.round ?? 0,
  };
  switch (outcome.kind) {
    case 'accepted': {
      const finalPrice = toMajor(outcome.finalMinor, currency);
      const { reservationCode, receipt } = outcome;
      return { ...answer, accepted: { finalPrice, reservationCode, receipt: receipt ?? '' } };
    }
    case 'countered': {
      const proposedPrice = toMajor(outcome.askMinor, currency);
      const { reason: reasonCode, message: humanMessage, roundsLeft } = outcome;
      const told = roundsLeft !== undefined && { roundsLeft };
      return { ...answer, countered: { proposedPrice, reasonCode, humanMessage, ...told } };
    }
    case 'rejected':
      return { ...answer, rejected: { reasonCode: outcome.reason } };
    case 'ui_required': {
      const contextData = { reason: outcome.reason };
      return { ...answer, uiRequired: { templateId: 'high_value_confirm', contextData } };
    }
  }
}
