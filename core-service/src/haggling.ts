/** The terms of the whole installation, by the variable `HAGGLING`. */
import { readNumber } from './numbers.ts';
import type { OwnTerms, PresetName, StoredTerms, TermName } from './terms.ts';
import {
  DEFAULT_TERMS,
  findPreset,
  PRESET_NAMES,
  PRESETS,
  TERM_BOUNDS,
  TERM_NAMES,
} from './terms.ts';

/** The terms of the whole installation, which hold where an item has none of its own. */
export interface Haggling {
  readonly terms: OwnTerms;
  /** Each value comes from its own entry, from the preset that is named, or from neither. */
  readonly origins: { readonly [Name in keyof OwnTerms]: 'HAGGLING' | PresetName | 'default' };
}

/** The terms of an item: its own, and the installation's where it has none. */
export function withDefaults<Own extends StoredTerms>(
  own: Own,
  { terms }: Pick<Haggling, 'terms'>,
): Own & OwnTerms {
  const names = Object.keys(terms) as (keyof OwnTerms)[];
  const merged = names.map((name) => [name, own[name] ?? terms[name]] as const);
  return { ...own, ...(Object.fromEntries(merged) as unknown as OwnTerms) };
}

/** A comma before a digit is a decimal one: `margin:0,2,rounds:8` has two entries. */
const NEXT_ENTRY = /,(?!\d)/;

/**
 * Reads the variable `HAGGLING`, such as `firm` or `balanced,margin:0.2,rounds:8`: a preset, terms by
 * the names of their columns, or both.
 *
 * @throws Error that tells each entry that is wrong
 */
export function readHaggling(text: string): Haggling {
  const problems: string[] = [];
  const own: Partial<Record<TermName, number>> = {};
  let preset: PresetName | undefined;
  const entries = text.split(NEXT_ENTRY).map((entry) => entry.trim());
  for (const entry of entries.filter((each) => each !== '')) {
    const [word = '', value] = entry.split(':').map((part) => part.trim());
    const named = findPreset(word);
    const term = TERM_NAMES.find((name) => TERM_BOUNDS[name].column === word);
    if (value === undefined && named && !preset) preset = named;
    else if (value === undefined && named) problems.push(`"${entry}" is a second preset`);
    else if (value === undefined || !term) problems.push(notKnown(entry));
    else if (own[term] !== undefined) problems.push(`"${entry}" sets ${word} once more`);
    else {
      const read = readNumber(value, TERM_BOUNDS[term]);
      if (typeof read === 'string') problems.push(`"${entry}" ${read}`);
      else own[term] = read;
    }
  }
  if (problems.length > 0) throw new Error(`has bad entries: ${problems.join('; ')}`);
  const origin = (name: string) => (name in own ? 'HAGGLING' : (preset ?? 'default'));
  const names = Object.keys(DEFAULT_TERMS) as (keyof OwnTerms)[];
  const origins = Object.fromEntries(names.map((name) => [name, origin(name)]));
  return {
    terms: { ...PRESETS[preset ?? 'balanced'], ...own },
    origins: origins as unknown as Haggling['origins'],
  };
}

function notKnown(entry: string): string {
  const columns = TERM_NAMES.map((name) => `${TERM_BOUNDS[name].column}:X`);
  return `"${entry}" is none of ${[...PRESET_NAMES, ...columns].join(', ')}`;
}
