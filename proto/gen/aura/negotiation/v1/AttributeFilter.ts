// Original file: aura/negotiation/v1/negotiation.proto


/**
 * An attribute that is equal to the value, or a list with it.
 */
export interface AttributeFilter {
  /**
   * 1 to 64 characters.
   */
  'name'?: (string);
  'stringValue'?: (string);
  'numberValue'?: (number | string);
  'boolValue'?: (boolean);
  'value'?: "stringValue"|"numberValue"|"boolValue";
}

/**
 * An attribute that is equal to the value, or a list with it.
 */
export interface AttributeFilter__Output {
  /**
   * 1 to 64 characters.
   */
  'name': (string);
  'stringValue'?: (string);
  'numberValue'?: (number);
  'boolValue'?: (boolean);
  'value'?: "stringValue"|"numberValue"|"boolValue";
}
