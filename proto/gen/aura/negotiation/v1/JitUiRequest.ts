// Original file: aura/negotiation/v1/negotiation.proto


/**
 * A person has to confirm before this deal can be made.
 */
export interface JitUiRequest {
  'templateId'?: (string);
  'contextData'?: ({[key: string]: string});
}

/**
 * A person has to confirm before this deal can be made.
 */
export interface JitUiRequest__Output {
  'templateId': (string);
  'contextData': ({[key: string]: string});
}
