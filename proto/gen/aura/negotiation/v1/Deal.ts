// Original file: aura/negotiation/v1/deal.proto

import type { DealStatus as _aura_negotiation_v1_DealStatus, DealStatus__Output as _aura_negotiation_v1_DealStatus__Output } from '../../../aura/negotiation/v1/DealStatus.ts';
import type { Long } from '@grpc/proto-loader';

export interface Deal {
  /**
   * The session's, as in traces and logs.
   */
  'dealId'?: (string);
  'status'?: (_aura_negotiation_v1_DealStatus);
  'itemId'?: (string);
  'itemName'?: (string);
  'agentDid'?: (string);
  /**
   * Major units of `currency_code`; what would be paid while the bid waits.
   */
  'price'?: (number | string);
  'currencyCode'?: (string);
  /**
   * Unix seconds: the end of the hold, or of the waiting.
   */
  'heldUntilTimestamp'?: (number | string | Long);
  /**
   * Empty before the deal was approved.
   */
  'reservationCode'?: (string);
}

export interface Deal__Output {
  /**
   * The session's, as in traces and logs.
   */
  'dealId': (string);
  'status': (_aura_negotiation_v1_DealStatus__Output);
  'itemId': (string);
  'itemName': (string);
  'agentDid': (string);
  /**
   * Major units of `currency_code`; what would be paid while the bid waits.
   */
  'price': (number);
  'currencyCode': (string);
  /**
   * Unix seconds: the end of the hold, or of the waiting.
   */
  'heldUntilTimestamp': (number);
  /**
   * Empty before the deal was approved.
   */
  'reservationCode': (string);
}
