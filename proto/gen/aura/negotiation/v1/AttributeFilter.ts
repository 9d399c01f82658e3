// Original file: aura/negotiation/v1/negotiation.proto


/**
 * An item matches when its attribute is equal to the value, or is a list with it. Of a text with commas between
 * values also one matches whose list has them all.
 */
export interface AttributeFilter {
  /**
   * The name has 1 to 64 characters.
   */
  'name'?: (string);
  'stringValue'?: (string);
  'numberValue'?: (number | string);
  'boolValue'?: (boolean);
  'value'?: "stringValue"|"numberValue"|"boolValue";
}

/**
 * An item matches when its attribute is equal to the value, or is a list with it. Of a text with commas between
 * values also one matches whose list has them all.
 */
export interface AttributeFilter__Output {
  /**
   * The name has 1 to 64 characters.
   */
  'name': (string);
  'stringValue'?: (string);
  'numberValue'?: (number);
  'boolValue'?: (boolean);
  'value'?: "stringValue"|"numberValue"|"boolValue";
}
