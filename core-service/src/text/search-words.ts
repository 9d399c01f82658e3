/**
 * The words of a query, as the migrations' `search_words` makes them of an item: texts that look the
 * same are the same, codes are found however their parts are joined, and scripts without spaces by
 * each two characters that are neighbours.
 */

/** Soft hyphens, joiners, byte order marks: nobody sees them. */
const UNSEEN = /\u00AD|\u200B|\u200C|\u200D|\u2060|\uFE0E|\uFE0F|\uFEFF/g;
/** These look like the sign of ASCII that they stand for. */
const HYPHENS = /[\u2010-\u2015\u2212]/g;
const APOSTROPHES = /[\u2018\u2019\u201B\u02BB\u02BC]/g;
const QUOTES = /[\u201C\u201D\u201E]/g;
/** Arabic stretched by the tatweel, and its vowels and those of Hebrew, which most texts leave out. */
const VOWELS = /\u0640|[\u064B-\u0652\u0670\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7]/g;
/** The Persian kaf and yeh, and the yeh without dots, by those of Arabic. */
const KAFS = /\u06A9/g;
const YEHS = /[\u06CC\u0649]/g;
/** The digits of Arabic, Persian, Hindi, Bengali and Thai, whose zeros are these. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];
const DIGITS = /[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF\u0E50-\u0E59]/g;
/** Between two sides of a size people type one of these, of which one is Cyrillic. */
const TIMES = /(?<=[0-9] ?)[\u00D7\u2715\u2A2F\u0445*](?= ?[0-9])/g;
/** A picture or a keycap is no word, whatever letter or digit is in it. */
const PICTURES = /\p{Extended_Pictographic}|[0-9#*]\uFE0F?\u20E3/gu;

const LETTER = 'a-z\u00DF-\u024F\u0370-\u03FF\u0400-\u052F';
const UNSPACED =
  /[\u0E01-\u0E4E\u0E81-\u0ECD\u1000-\u104F\u1780-\u17D3\u3005-\u3007\u3041-\u3096\u30A1-\u30FA\u30FC-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\u{20000}-\u{3FFFF}]+/gu;
const HYPHEN = new RegExp(`(?<=[${LETTER}\\d])[-/_](?=[${LETTER}\\d])`, 'g');
const COMPOUNDS = ['-._', '-/._'].map(
  (signs) => new RegExp(`[${LETTER}\\d]+(?:\\s?[${signs}]\\s?[${LETTER}\\d]+)+`, 'g'),
);
const SEPARATORS = /[-/._\s]/g;
/** Two neighbours that may be one code: `wd 40`, `usb c`, `400 ml`, `0815 4711`. */
const NEIGHBOURS = new RegExp(
  [
    `(?<![${LETTER}\\d'])(?=(`,
    `[${LETTER}]{1,4} \\d{1,6}|[${LETTER}]{2,4} [${LETTER}]|\\d{1,6} (?:[${LETTER}]{1,3}|\\d{1,6})`,
    `)(?![${LETTER}\\d]))`,
  ].join(''),
  'g',
);
/** C++, C#, .NET and R&B lose their signs as words; written out they stay apart from C and R B. */
const PLUS_OR_SHARP = new RegExp(
  `(?<![${LETTER}0-9])[${LETTER}0-9]{1,20} ?(?:\\+{2,3}(?![${LETTER}+])|[+#](?![${LETTER}0-9+#]))`,
  'g',
);
const DOT = new RegExp(`(?<!\\.)\\. ?[${LETTER}]{2,8}(?![${LETTER}0-9])`, 'g');
const AND = new RegExp(
  `(?<![${LETTER}0-9&])[${LETTER}0-9]{1,3} ?& ?[${LETTER}0-9]{1,3}(?![${LETTER}0-9&])`,
  'g',
);
/** A longer one is no code. */
const MAX_CODE = 40;
/** Words with their signs, such as C++, .NET and R&B; other words; and signs in a row. */
export const WORDS_WITH_SIGNS = new RegExp(
  [
    String.raw`[\p{L}\p{M}\p{N}]+(?:\+{2,3}|[+#])(?![\p{L}\p{N}+#])`,
    String.raw`(?<![\p{L}\p{N}.])\.\p{L}{2,8}(?![\p{L}\p{N}])`,
    String.raw`(?<![\p{L}\p{N}&])[\p{L}\p{N}]{1,3}&[\p{L}\p{N}]{1,3}(?![\p{L}\p{N}&])`,
    String.raw`[\p{L}\p{M}\p{N}'’-]+|[^\p{L}\p{M}\p{N}\s]+`,
  ].join('|'),
  'gu',
);

export interface SearchWords {
  /** The parser of words gets this text. */
  readonly text: string;
  /** Neighbouring characters of scripts without spaces. */
  readonly grams: readonly string[];
  /** Words that count only where an item has them. */
  readonly codes: readonly string[];
}

/**
 * What stands for a word alone: the code of one with signs, such as `cplusplus`, and of one that joins letters
 * and digits, such as `wd40`; undefined for other words, whose parts or stems do.
 */
export function codeOf(word: string): string | undefined {
  const { text, codes } = searchWords(word);
  const isCode = /\d/.test(text) || signedWords(foldText(word)).length > 0;
  return isCode && codes.length === 1 ? codes[0] : undefined;
}

/** True where a text has a letter or a digit to go by. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text.replace(PICTURES, ' '));
}

/** A text composed, in normal width, and without what nobody sees. */
export function composeText(text: string): string {
  return text
    .replace(/[\u2122\u2120]/g, ' ')
    .replace(UNSEEN, '')
    .normalize('NFKC');
}

/** The same in small letters, which depend on no locale, with the hyphens and quotes of ASCII. */
export function foldText(text: string): string {
  return composeText(text)
    .replace(/[\u0130\u0131I]/g, 'i')
    .toLowerCase()
    .replaceAll('i\u0307', 'i')
    .replaceAll('ς', 'σ')
    .replaceAll('ß', 'ss')
    .replace(HYPHENS, '-')
    .replace(APOSTROPHES, "'")
    .replace(QUOTES, '"')
    .replace(VOWELS, '')
    .replace(KAFS, '\u0643')
    .replace(YEHS, '\u064A')
    .replace(DIGITS, toAscii)
    .replace(TIMES, 'x');
}

function toAscii(digit: string): string {
  const code = digit.charCodeAt(0);
  return String(code - (ZEROS.find((zero) => code >= zero && code < zero + 10) ?? code));
}

/** A name or a value as filters compare it: the migrations' `fold_value`. */
export function foldValue(text: string): string {
  return foldText(text)
    .normalize('NFD')
    .replace(/([\u03B1-\u03C9])[\u0300-\u036F]+/g, '$1')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}

export function searchWords(text: string): SearchWords {
  const folded = foldText(text);
  const codes = [
    ...COMPOUNDS.flatMap((compound) => folded.match(compound) ?? []),
    ...[...folded.replace(HYPHEN, ' ').matchAll(NEIGHBOURS)].map(([, pair = '']) => pair),
    ...signedWords(folded),
  ].map((code) => code.replace(SEPARATORS, '').normalize('NFKD').replace(/\p{M}/gu, ''));
  const grams = [...folded.matchAll(UNSPACED)].flatMap(([run]) => pairsOf([...run]));
  return {
    text: folded.replace(HYPHEN, ' ').replace(UNSPACED, ' '),
    grams: [...new Set(grams)],
    codes: [...new Set(codes)].filter((code) => code.length <= MAX_CODE),
  };
}

/** Words with their signs written out, as `cplusplus`, `csharp`, `dotnet` and `randb`. */
function signedWords(folded: string): string[] {
  return [
    ...(folded.match(PLUS_OR_SHARP) ?? []).map((word) =>
      word.replaceAll('+', 'plus').replace('#', 'sharp'),
    ),
    ...(folded.match(DOT) ?? []).map((word) => word.replace('.', 'dot')),
    ...(folded.match(AND) ?? []).map((word) => word.replace(/ ?& ?/, 'and')),
  ];
}

function pairsOf(characters: readonly string[]): string[] {
  if (characters.length < 2) return [...characters];
  return characters.slice(1).map((next, i) => `${characters[i]}${next}`);
}
