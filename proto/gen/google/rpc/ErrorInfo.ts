// Original file: google/rpc/error_details.proto


/**
 * Why a call failed, as a constant a program can act on.
 */
export interface ErrorInfo {
  'reason'?: (string);
  'domain'?: (string);
  'metadata'?: ({[key: string]: string});
}

/**
 * Why a call failed, as a constant a program can act on.
 */
export interface ErrorInfo__Output {
  'reason': (string);
  'domain': (string);
  'metadata': ({[key: string]: string});
}
