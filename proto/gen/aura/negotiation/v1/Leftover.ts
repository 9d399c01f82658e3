// Original file: aura/negotiation/v1/inventory.proto


/**
 * The leftovers of one kind in one field, once for all items that have them.
 */
export interface Leftover {
  /**
   * The field is named as in InventoryItem.
   */
  'field'?: (string);
  /**
   * What it looks like, in words.
   */
  'looksLike'?: (string);
  /**
   * The place of the first item that has it, from 1.
   */
  'firstItem'?: (number);
  /**
   * So many items have it.
   */
  'items'?: (number);
  /**
   * The part of the first item's text that looks so has at most 40 characters.
   */
  'example'?: (string);
}

/**
 * The leftovers of one kind in one field, once for all items that have them.
 */
export interface Leftover__Output {
  /**
   * The field is named as in InventoryItem.
   */
  'field': (string);
  /**
   * What it looks like, in words.
   */
  'looksLike': (string);
  /**
   * The place of the first item that has it, from 1.
   */
  'firstItem': (number);
  /**
   * So many items have it.
   */
  'items': (number);
  /**
   * The part of the first item's text that looks so has at most 40 characters.
   */
  'example': (string);
}
