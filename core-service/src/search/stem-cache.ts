import { LRUCache } from 'lru-cache';
import type { Db } from '../db/client.ts';
import { codeOf, composeText, searchWords, WORDS_WITH_SIGNS } from '../text/search-words.ts';
import { readWording } from '../text/wording.ts';

/** A stem of a word, and the languages that make it of the word. */
interface Stem {
  readonly word: string;
  readonly lexeme: string;
  readonly languages: readonly string[];
}

/** `word` is asked for, `code` counts only where an item has it, and `not` is what is not wanted. */
type Role = 'word' | 'code' | 'not';

export interface AskedStems {
  readonly known: readonly (Stem & { readonly role: Role })[];
  /** Pieces of the text whose stems the statement has to work out. */
  readonly fresh: readonly { readonly role: Role; readonly chunk: string }[];
}

export interface LearnedStem extends Stem {
  readonly chunk: string;
}

/** Words between blanks whose stems are remembered; a hostile query has 250 new ones. */
const REMEMBERED = 20_000;

/** Stems depend on what the database was migrated with, and so each has its own. */
const caches = new WeakMap<Db, LRUCache<string, readonly Stem[]>>();

function cacheOf(db: Db): LRUCache<string, readonly Stem[]> {
  const cache = caches.get(db) ?? new LRUCache({ max: REMEMBERED });
  caches.set(db, cache);
  return cache;
}

/** @param languages all that there are, sorted */
export function stemsAskedFor(db: Db, text: string, languages: readonly string[]): AskedStems {
  const cache = cacheOf(db);
  const { affirmed, negated } = readWording(composeText(text), WORDS_WITH_SIGNS);
  const known: (Stem & { role: Role })[] = [];
  const fresh: { role: Role; chunk: string }[] = [];
  const asItIs = (word: string, role: Role) => ({ role, word, lexeme: word, languages });
  // Whoever wants no C++ may want C, and whoever wants no WD-40 may want 40 of another thing.
  const unwanted = negated.split(' ').map((word) => ({ word, code: codeOf(word) }));
  known.push(...unwanted.flatMap(({ code }) => (code === undefined ? [] : asItIs(code, 'not'))));
  const rest = unwanted.flatMap(({ word, code }) => (code === undefined ? word : []));
  for (const [role, part] of [
    ['word', affirmed],
    ['not', rest.join(' ')],
  ] as const) {
    const { text: spaced, grams, codes } = searchWords(part);
    for (const chunk of new Set(spaced.split(/\s+/).filter(Boolean))) {
      const stems = cache.get(chunk);
      if (stems) known.push(...stems.map((stem) => ({ role, ...stem })));
      else fresh.push({ role, chunk });
    }
    known.push(...grams.map((gram) => asItIs(gram, role)));
    if (role === 'word') known.push(...codes.map((code) => asItIs(code, 'code')));
  }
  return { known, fresh };
}

/** Keeps what the statement has worked out; a piece without any stem is one of signs or stop words. */
export function learnStems(
  db: Db,
  { fresh }: AskedStems,
  learned: readonly LearnedStem[] | null,
): void {
  const stems = Map.groupBy(learned ?? [], ({ chunk }) => chunk);
  for (const { chunk } of fresh) {
    const known = (stems.get(chunk) ?? []).map(({ word, lexeme, languages }) => {
      return { word, lexeme, languages };
    });
    cacheOf(db).set(chunk, known);
  }
}
