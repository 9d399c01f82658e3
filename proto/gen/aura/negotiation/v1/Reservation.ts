// Original file: aura/negotiation/v1/negotiation.proto

import type { ReservationStatus as _aura_negotiation_v1_ReservationStatus, ReservationStatus__Output as _aura_negotiation_v1_ReservationStatus__Output } from '../../../aura/negotiation/v1/ReservationStatus.ts';
import type { Long } from '@grpc/proto-loader';

export interface Reservation {
  /**
   * A bearer secret.
   */
  'reservationCode'?: (string);
  'itemId'?: (string);
  'itemName'?: (string);
  /**
   * Major units of `currency_code`.
   */
  'price'?: (number | string);
  'currencyCode'?: (string);
  'status'?: (_aura_negotiation_v1_ReservationStatus);
  /**
   * Unix seconds by the database's clock.
   */
  'heldUntilTimestamp'?: (number | string | Long);
}

export interface Reservation__Output {
  /**
   * A bearer secret.
   */
  'reservationCode': (string);
  'itemId': (string);
  'itemName': (string);
  /**
   * Major units of `currency_code`.
   */
  'price': (number);
  'currencyCode': (string);
  'status': (_aura_negotiation_v1_ReservationStatus__Output);
  /**
   * Unix seconds by the database's clock.
   */
  'heldUntilTimestamp': (number);
}
