// Original file: aura/negotiation/v1/negotiation.proto


export interface ReleaseReservationRequest {
  'reservationCode'?: (string);
}

export interface ReleaseReservationRequest__Output {
  'reservationCode': (string);
}
