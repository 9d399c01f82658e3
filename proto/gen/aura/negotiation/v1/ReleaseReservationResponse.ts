// Original file: aura/negotiation/v1/negotiation.proto

import type { Reservation as _aura_negotiation_v1_Reservation, Reservation__Output as _aura_negotiation_v1_Reservation__Output } from '../../../aura/negotiation/v1/Reservation.ts';

export interface ReleaseReservationResponse {
  'reservation'?: (_aura_negotiation_v1_Reservation | null);
}

export interface ReleaseReservationResponse__Output {
  'reservation': (_aura_negotiation_v1_Reservation__Output | null);
}
