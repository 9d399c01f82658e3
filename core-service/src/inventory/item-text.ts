import { withoutMarks } from '../text/unseen.ts';

/** Characters of a text that are embedded; a model would refuse many more, and they would tell it little. */
const MAX_TEXT = 4_000;

/** The text of an item that its vector is made of. Prices are no part of it. */
export function itemText(item: {
  readonly name: string;
  readonly description: string;
  readonly attributes: Record<string, unknown>;
}): string {
  const attributes = Object.values(item.attributes).flat().map(String).join(' ');
  const text = `${item.name}. ${item.description} ${attributes}`;
  return withoutMarks(text).normalize('NFC').slice(0, MAX_TEXT);
}
