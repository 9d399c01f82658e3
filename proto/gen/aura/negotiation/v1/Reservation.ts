// Original file: aura/negotiation/v1/negotiation.proto

import type { ReservationStatus as _aura_negotiation_v1_ReservationStatus, ReservationStatus__Output as _aura_negotiation_v1_ReservationStatus__Output } from '../../../aura/negotiation/v1/ReservationStatus.ts';
import type { Long } from '@grpc/proto-loader';

export interface Reservation {
  /**
   * The code is a bearer secret.
   */
  'reservationCode'?: (string);
  'itemId'?: (string);
  'itemName'?: (string);
  /**
   * The price in major units of `currency_code`.
   */
  'price'?: (number | string);
  'currencyCode'?: (string);
  'status'?: (_aura_negotiation_v1_ReservationStatus);
  /**
   * The hold ends at this Unix time in seconds, by the database's clock.
   */
  'heldUntilTimestamp'?: (number | string | Long);
  /**
   * The same bytes as with the accepted bid; empty where core had no key then.
   */
  'receipt'?: (string);
}

export interface Reservation__Output {
  /**
   * The code is a bearer secret.
   */
  'reservationCode': (string);
  'itemId': (string);
  'itemName': (string);
  /**
   * The price in major units of `currency_code`.
   */
  'price': (number);
  'currencyCode': (string);
  'status': (_aura_negotiation_v1_ReservationStatus__Output);
  /**
   * The hold ends at this Unix time in seconds, by the database's clock.
   */
  'heldUntilTimestamp': (number);
  /**
   * The same bytes as with the accepted bid; empty where core had no key then.
   */
  'receipt': (string);
}
