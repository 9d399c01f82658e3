// Original file: aura/negotiation/v1/negotiation.proto


/**
 * The bid lies above the high-value threshold, or is a deal above the amount that the seller draws
 * for this item, so a person has to confirm it before there is a deal.
 */
export interface JitUiRequest {
  'templateId'?: (string);
  'contextData'?: ({[key: string]: string});
}

/**
 * The bid lies above the high-value threshold, or is a deal above the amount that the seller draws
 * for this item, so a person has to confirm it before there is a deal.
 */
export interface JitUiRequest__Output {
  'templateId': (string);
  'contextData': ({[key: string]: string});
}
