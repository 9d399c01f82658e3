// Original file: aura/negotiation/v1/negotiation.proto


export interface ReleaseReservationRequest {
  /**
   * The code may be written in any letter case, with or without its hyphens.
   */
  'reservationCode'?: (string);
}

export interface ReleaseReservationRequest__Output {
  /**
   * The code may be written in any letter case, with or without its hyphens.
   */
  'reservationCode': (string);
}
