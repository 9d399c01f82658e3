// Original file: aura/negotiation/v1/negotiation.proto


export interface GetReservationRequest {
  'reservationCode'?: (string);
}

export interface GetReservationRequest__Output {
  'reservationCode': (string);
}
