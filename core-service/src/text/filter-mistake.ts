/** Filters that find nothing because they are meant as something else. */
import { quote } from '../typed-text.ts';
import { foldValue } from './search-words.ts';

/** The fields of a search by their names without separators, as its request over HTTP has them. */
const FIELDS: ReadonlyMap<string, string> = new Map(
  ['query', 'limit', 'min_similarity', 'max_price', 'attributes'].map((field) => [
    field.replaceAll('_', ''),
    field,
  ]),
);

/** Signs of comparison, and of a pattern that everything or a part of a text meets. */
const CONDITION = new RegExp(
  [
    String.raw`^(?:[<>]=|[!=]=|<>|[\u2264\u2265\u2260]|[<>]\s*\d+(?:[.,]\d+)?$|!\s*[\p{L}\p{N}]|[*%]+$)`,
    String.raw`^(?:at (?:least|most)|(?:more|less|fewer|greater) than) \d+(?:[.,]\d+)?$`,
    // `Hotel 4*` and `Superior***` have stars.
    String.raw`^%.+%$|^\/.*[.*+?^$\\[(].*\/[a-z]*$|\.\*|^\*\p{L}{2}.*\*$|^\p{L}{2}.*[^*\d]\*$`,
  ].join('|'),
  'iu',
);
/** As search engines have it; `Portland OR 97201` is no such thing. */
const EITHER = /(?<=\p{Ll}\p{M}* )(?:OR|AND)(?= \p{L})|\|\||&&/u;

/** @returns why a filter cannot be meant as it is */
export function filterMistake(
  name: string,
  value: string | number | boolean | undefined,
): string | undefined {
  const [, below] = /^(?:attributes|filters)\.(.+)$/i.exec(name) ?? [];
  if (below !== undefined) return `has ${quote(name)}, a path: write ${quote(below)} alone`;
  const field = FIELDS.get(foldValue(name).replace(/[\s_-]/g, ''));
  if (field !== undefined) return `has ${field}, a field of the request: write it beside query`;
  const text = typeof value === 'string' ? value.trim() : '';
  const said = `a condition; a filter takes the value that an item has, and query whatever is wanted beside it`;
  return CONDITION.test(text) || EITHER.test(text) ? `has ${quote(text)}, ${said}` : undefined;
}
