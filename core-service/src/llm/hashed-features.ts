import type { Wording } from '../text/wording.ts';
import table from './local-embedder-weights.json' with { type: 'json' };

/** Dimension 0 is for texts that say nothing; the concepts have the next ones to themselves. */
const FIRST_CONCEPT = 1;
const FIRST_HASHED = 64;

/** A word not in the table is rare, and rare words tell items apart best. */
const UNSEEN_WEIGHT = 1;
const PLACE_WEIGHT = 1.8;
/** Weight of the part of the world that a place lies in. */
const REGION_WEIGHT = 1.2;
const PAIR_WEIGHT = 0.3;
/** Weight of what a text says not to be: it counts against it, but less than what it says to be. */
const NEGATED = 0.7;
/** Share of a word's weight that its character n-grams carry, so that a typo still matches. */
const GRAM_SHARE = 0.8;
const MIN_GRAM = 3;
const MAX_GRAM = 5;
/** Compounds are recognised by their first part (Strandhotel, backpackers), if it is this long. */
const MIN_PREFIX = 6;
/** Terms this long are also guessed, by half, when a letter is missing, wrong, extra or swapped. */
const MIN_GUESSED = 6;
const GUESS = 0.5;

/** Bounds the work on a hostile word; no real one is longer. */
const MAX_WORD = 40;
const UNSPACED = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}ー]{3,}$/u;
const FNV_OFFSET = 0x811c9dc5;
const encoder = new TextEncoder();

const letters = new Map(Object.entries(table.letters));
const stopWords = new Set(table.stopWords.flatMap((line) => line.split(' ')));
const wordWeights = new Map(
  table.wordWeights.flatMap(({ weight, words }) =>
    words.flatMap((line) => line.split(' ').map((word) => [word, weight] as const)),
  ),
);
const concepts = new Map(
  table.concepts.map(({ name, weight }, i) => [`#${name}`, { axis: FIRST_CONCEPT + i, weight }]),
);
const worldRegions = new Set(table.regions.map(({ name }) => `@${name}`));
const meanings = new Map<string, string[]>();
const spellings = new Map<string, readonly string[]>();
for (const { name, terms } of table.concepts) learn(`#${name}`, terms);
for (const { name, terms, regions } of table.places) {
  learn(`@${name}`, terms);
  for (const region of regions) learn(`@${region}`, terms);
}
for (const { name, terms } of table.regions) learn(`@${name}`, terms);

/**
 * The features of a text, of which dimension 0 is left alone: zeros for a text without a usable word.
 *
 * Signed feature hashing (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning",
 * ICML 2009) of words, word pairs, character n-grams and places, each times its weight; synonyms
 * share a concept, which has a dimension of its own.
 */
export function hashFeatures({ affirmed, negated }: Wording, dimensions: number): Float64Array {
  const vector = new Float64Array(dimensions);
  addFeatures(vector, affirmed, 1);
  addFeatures(vector, negated, -NEGATED);
  return vector;
}

function addFeatures(vector: Float64Array, text: string, factor: number): void {
  for (const [feature, count] of countFeatures(wordsOf(text))) {
    const emphasis = (factor * (2 * count)) / (count + 1); // a word said five times is not five times as true
    const concept = concepts.get(feature);
    if (concept) vector[concept.axis] = (vector[concept.axis] ?? 0) + concept.weight * emphasis;
    else if (feature.startsWith('@')) addHashed(vector, feature, placeWeight(feature) * emphasis);
    else if (feature.includes(' ')) addHashed(vector, feature, PAIR_WEIGHT * emphasis);
    else addWord(vector, feature, (wordWeights.get(feature) ?? UNSEEN_WEIGHT) * emphasis);
  }
}

function placeWeight(feature: string): number {
  return worldRegions.has(feature) ? REGION_WEIGHT : PLACE_WEIGHT;
}

/** Words without case, accents, plural s and stop words; unspaced scripts as character pairs. */
function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (letter) => letters.get(letter) ?? letter)
    .replace(/['’]s\b/g, '');
  const found = Array.from(plain.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu), ([word]) => word);
  return found.flatMap((word) => {
    if (UNSPACED.test(word)) return pairsOf([...word]);
    return stopWords.has(word) ? [] : [stem(word.slice(0, MAX_WORD))];
  });
}

function pairsOf(characters: readonly string[]): string[] {
  return characters.slice(1).map((next, i) => `${characters[i]}${next}`);
}

function stem(word: string): string {
  if (word.length < 4 || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.replace(/(?<=ch|sh|x|z|ss)es$|s$/, '');
}

/** Counts words (`beach`), pairs (`low cost`), concepts (`#cheap`) and places (`@japan`). */
function countFeatures(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (feature: string, by = 1) => counts.set(feature, (counts.get(feature) ?? 0) + by);
  words.forEach((word, i) => {
    count(word);
    const known = meaningsOf(word);
    for (const meaning of known ?? guessMeanings(word)) count(meaning, known ? 1 : GUESS);
    if (i === 0) return;
    const pair = `${words[i - 1]} ${word}`;
    count(pair);
    for (const meaning of meanings.get(pair) ?? []) count(meaning);
  });
  return counts;
}

function meaningsOf(word: string): readonly string[] | undefined {
  for (let end = word.length; end === word.length || end >= MIN_PREFIX; end--) {
    const found = meanings.get(word.slice(0, end));
    if (found) return found;
  }
  return wordWeights.has(word) ? [] : undefined;
}

function guessMeanings(word: string): readonly string[] {
  const spelling = shortenings(word).find((candidate) => spellings.has(candidate));
  return spelling === undefined ? [] : (spellings.get(spelling) ?? []);
}

/** The word and what is left of it without any one letter but the first. */
function shortenings(word: string): string[] {
  return [word, ...Array.from(word.slice(1), (_, i) => word.slice(0, i + 1) + word.slice(i + 2))];
}

function learn(feature: string, lines: readonly string[]): void {
  for (const term of lines.flatMap((line) => line.split(', '))) {
    const key = wordsOf(term).join(' ');
    const known = meanings.get(key) ?? [];
    if (!known.includes(feature)) meanings.set(key, [...known, feature]);
    if (key.length < MIN_GUESSED || key.includes(' ')) continue;
    for (const spelling of shortenings(key)) spellings.set(spelling, meanings.get(key) ?? []);
  }
}

/** Adds a word and all its n-grams, in UTF-8 bytes with `<` and `>` as its ends. */
function addWord(vector: Float64Array, word: string, weight: number): void {
  addHashed(vector, word, weight);
  const bytes = encoder.encode(`<${word}>`);
  const hashes: number[] = [];
  for (let start = 0; start + MIN_GRAM <= bytes.length; start++) {
    let hash = FNV_OFFSET;
    const end = Math.min(start + MAX_GRAM, bytes.length);
    for (let i = start; i < end; i++) {
      hash = fnv1a(hash, bytes[i] ?? 0);
      if (i - start + 1 >= MIN_GRAM) hashes.push(hash);
    }
  }
  const each = (weight * GRAM_SHARE) / Math.sqrt(hashes.length);
  for (const hash of hashes) addAt(vector, hash, each);
}

function addHashed(vector: Float64Array, feature: string, weight: number): void {
  addAt(vector, encoder.encode(feature).reduce(fnv1a, FNV_OFFSET), weight);
}

function addAt(vector: Float64Array, hash: number, weight: number): void {
  const mixed = mix(hash);
  const slot = FIRST_HASHED + ((mixed >>> 1) % (vector.length - FIRST_HASHED));
  vector[slot] = (vector[slot] ?? 0) + (mixed & 1 ? weight : -weight);
}

/** One step of 32-bit FNV-1a (Fowler, Noll and Vo). */
function fnv1a(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** The finaliser of MurmurHash3 (Appleby): FNV-1a alone leaves short inputs poorly spread. */
function mix(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
