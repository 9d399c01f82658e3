// Original file: aura/negotiation/v1/deal.proto

import type { DealStatus as _aura_negotiation_v1_DealStatus, DealStatus__Output as _aura_negotiation_v1_DealStatus__Output } from '../../../aura/negotiation/v1/DealStatus.ts';
import type { Long } from '@grpc/proto-loader';

export interface Deal {
  /**
   * The id is that of the session, as in traces and logs.
   */
  'dealId'?: (string);
  'status'?: (_aura_negotiation_v1_DealStatus);
  'itemId'?: (string);
  'itemName'?: (string);
  'agentDid'?: (string);
  /**
   * The price in major units of `currency_code`; while a bid waits, the price it would have.
   */
  'price'?: (number | string);
  'currencyCode'?: (string);
  /**
   * The hold, or the waiting, ends at this Unix time in seconds.
   */
  'heldUntilTimestamp'?: (number | string | Long);
  /**
   * The code is empty until the deal is approved.
   */
  'reservationCode'?: (string);
}

export interface Deal__Output {
  /**
   * The id is that of the session, as in traces and logs.
   */
  'dealId': (string);
  'status': (_aura_negotiation_v1_DealStatus__Output);
  'itemId': (string);
  'itemName': (string);
  'agentDid': (string);
  /**
   * The price in major units of `currency_code`; while a bid waits, the price it would have.
   */
  'price': (number);
  'currencyCode': (string);
  /**
   * The hold, or the waiting, ends at this Unix time in seconds.
   */
  'heldUntilTimestamp': (number);
  /**
   * The code is empty until the deal is approved.
   */
  'reservationCode': (string);
}
