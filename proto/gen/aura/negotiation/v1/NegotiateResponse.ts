// Original file: aura/negotiation/v1/negotiation.proto

import type { OfferAccepted as _aura_negotiation_v1_OfferAccepted, OfferAccepted__Output as _aura_negotiation_v1_OfferAccepted__Output } from '../../../aura/negotiation/v1/OfferAccepted.ts';
import type { OfferCountered as _aura_negotiation_v1_OfferCountered, OfferCountered__Output as _aura_negotiation_v1_OfferCountered__Output } from '../../../aura/negotiation/v1/OfferCountered.ts';
import type { OfferRejected as _aura_negotiation_v1_OfferRejected, OfferRejected__Output as _aura_negotiation_v1_OfferRejected__Output } from '../../../aura/negotiation/v1/OfferRejected.ts';
import type { JitUiRequest as _aura_negotiation_v1_JitUiRequest, JitUiRequest__Output as _aura_negotiation_v1_JitUiRequest__Output } from '../../../aura/negotiation/v1/JitUiRequest.ts';
import type { Long } from '@grpc/proto-loader';

export interface NegotiateResponse {
  /**
   * The token is a bearer secret that starts with "sess_".
   */
  'sessionToken'?: (string);
  /**
   * The quote stands until this Unix time in seconds, by the database's clock.
   */
  'validUntilTimestamp'?: (number | string | Long);
  'accepted'?: (_aura_negotiation_v1_OfferAccepted | null);
  'countered'?: (_aura_negotiation_v1_OfferCountered | null);
  'rejected'?: (_aura_negotiation_v1_OfferRejected | null);
  'uiRequired'?: (_aura_negotiation_v1_JitUiRequest | null);
  /**
   * The haggle has this id in traces and logs, and its deal in the seller's lists. It is no secret and
   * opens nothing; empty where no session is known.
   */
  'sessionId'?: (string);
  /**
   * The session has had so many rounds, this bid included where it became one; 0 where no session is known.
   */
  'round'?: (number);
  'result'?: "accepted"|"countered"|"rejected"|"uiRequired";
}

export interface NegotiateResponse__Output {
  /**
   * The token is a bearer secret that starts with "sess_".
   */
  'sessionToken': (string);
  /**
   * The quote stands until this Unix time in seconds, by the database's clock.
   */
  'validUntilTimestamp': (number);
  'accepted'?: (_aura_negotiation_v1_OfferAccepted__Output | null);
  'countered'?: (_aura_negotiation_v1_OfferCountered__Output | null);
  'rejected'?: (_aura_negotiation_v1_OfferRejected__Output | null);
  'uiRequired'?: (_aura_negotiation_v1_JitUiRequest__Output | null);
  /**
   * The haggle has this id in traces and logs, and its deal in the seller's lists. It is no secret and
   * opens nothing; empty where no session is known.
   */
  'sessionId': (string);
  /**
   * The session has had so many rounds, this bid included where it became one; 0 where no session is known.
   */
  'round': (number);
  'result'?: "accepted"|"countered"|"rejected"|"uiRequired";
}
