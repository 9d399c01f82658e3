/** Items of JSON that lie deeper than an import looks for them. */
import { namesIn } from './header.ts';

/** Objects are looked into down to this depth, as deep as answers of GraphQL have their items. */
const MAX_DEPTH = 8;
/** An object inside is taken for an item when it has at least this many columns more than what is around it. */
const MIN_NAMES = 2;

export interface InnerItem {
  /** The place where it lies, as in `data.products.edges.0.node`. */
  readonly path: string;
  readonly hasId: boolean;
}

/** @returns the first item inside of an object that is none itself */
export function innerItem(raw: unknown): InnerItem | undefined {
  const own = isObject(raw) ? namesIn(Object.keys(raw)) : MIN_NAMES;
  return isObject(raw) && own < MIN_NAMES ? find(raw, [], own + MIN_NAMES) : undefined;
}

function find(raw: object, path: readonly string[], min: number): InnerItem | undefined {
  const keys = Object.keys(raw);
  const isItem = path.length > 0 && !Array.isArray(raw) && namesIn(keys) >= min;
  if (isItem) return { path: path.join('.'), hasId: namesIn([...keys, 'id']) === namesIn(keys) };
  if (path.length === MAX_DEPTH) return undefined;
  for (const [key, value] of Object.entries(raw)) {
    const found = isObject(value) ? find(value, [...path, key], min) : undefined;
    if (found) return found;
  }
  return undefined;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
