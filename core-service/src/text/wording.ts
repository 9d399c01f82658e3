import table from './negations.json' with { type: 'json' };

const negators = new Set(table.negators.flatMap((line) => line.split(' ')));
const contrasts = new Set(table.contrasts.flatMap((line) => line.split(' ')));
const portuguese = new Set(table.portuguese.flatMap((line) => line.split(' ')));
const idioms = new Set(table.idioms.flatMap((line) => line.split(', ')));
/** Negations of German, in which each noun has a capital. */
const GERMAN = /^(ohne|kein|nicht|nie)/i;
/** Words that one negation reaches, in most sentences. */
const REACH = 5;

export interface Wording {
  readonly affirmed: string;
  /** The things that are said not to be, as `children` in `a chalet without children`. */
  readonly negated: string;
}

/** Words, and signs in a row. */
const TOKENS = /[\p{L}\p{M}\p{N}'’-]+|[^\p{L}\p{M}\p{N}\s]+/gu;

/**
 * Splits a text into what it says and what it negates: up to a comma or a `but`, five words at most.
 *
 * @param words finds the words of a text, and its signs
 */
export function readWording(text: string, words = TOKENS): Wording {
  const parts: Record<keyof Wording, string[]> = { affirmed: [], negated: [] };
  let reach = 0;
  const tokens = text.replace(/n['’]t\b/gu, ' not').match(words) ?? [];
  const plainly = tokens.map(plain);
  const isNoNegator = !plainly.some((word) => portuguese.has(word));
  for (const [i, token] of tokens.entries()) {
    const word = plainly[i] ?? '';
    const isIdiom = idioms.has(`${word} ${plainly[i + 1]}`) || isName(tokens, i);
    if (negators.has(word) && !isIdiom && (word !== 'no' || isNoNegator)) {
      reach = REACH;
      continue;
    }
    if (contrasts.has(word) || !/[\p{L}\p{N}]/u.test(token)) reach = 0;
    parts[reach > 0 ? 'negated' : 'affirmed'].push(token);
    if (reach > 0) reach--;
  }
  return { affirmed: parts.affirmed.join(' '), negated: parts.negated.join(' ') };
}

/** `Sans Souci`, `at Sin City`: a capital that no beginning explains. */
function isName(tokens: readonly string[], i: number): boolean {
  const isCapital = (token = ''): boolean => /^\p{Lu}/u.test(token);
  const isFirst = i === 0 || !/[\p{L}\p{N}]/u.test(tokens[i - 1] ?? '');
  return (
    isCapital(tokens[i]) &&
    (!isFirst || (isCapital(tokens[i + 1]) && !GERMAN.test(tokens[i] ?? '')))
  );
}

function plain(token: string): string {
  return token.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
