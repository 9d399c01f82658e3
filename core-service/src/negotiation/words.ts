/**
 * The words beside a counter-offer. They may come from a model; then they are only passed on when
 * they hold nothing that we did not give it.
 */
import { currencyDigits, formatMoney, formatPlain } from '../money.ts';

const MAX_LENGTH = 300;
const MAX_NAME = 80;

/** There are as many as most haggles have rounds, so that none is heard twice. */
const TEMPLATES: readonly ((item: string, ask: string) => string)[] = [
  (item, ask) => `Thank you for your offer for ${item}. We could let you have it for ${ask}.`,
  (item, ask) => `We would be glad to agree with you. May we offer ${item} for ${ask}?`,
  (item, ask) => `We have looked at it again: ${item} for ${ask}.`,
  (item, ask) => `Your interest in ${item} is very welcome. Would ${ask} suit you?`,
  (item, ask) => `Thank you for your patience. Our price for ${item} is now ${ask}.`,
  (item, ask) => `We would like to meet you on this. How about ${ask} for ${item}?`,
  (item, ask) => `You know what you want, and we respect that. For ${item} we ask ${ask}.`,
  (item, ask) => `Let us find an agreement: ${ask}, and ${item} is yours.`,
  (item, ask) => `Thank you for staying with us. We can do ${ask} for ${item}.`,
];

/** A polite sentence with the ask in it, the same for the same round. */
export function templateMessage(offer: {
  readonly itemName: string;
  readonly askMinor: number;
  readonly currency: string;
  readonly round: number;
  readonly last: boolean;
}): string {
  const ask = formatMoney(offer.askMinor, offer.currency);
  const name = sayable(offer.itemName) ? offer.itemName : 'this item';
  if (offer.last) return `This is our last offer for ${name}: ${ask}.`;
  const template = TEMPLATES[(offer.round - 1) % TEMPLATES.length] as (typeof TEMPLATES)[number];
  return template(name, ask);
}

/** Numbers in words, and words about our limits: the model has no business with either. */
const FORBIDDEN_WORDS =
  /\b(zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(dozen|hundred|thousand|\w+illion)s?|half|percent|floor|minimum|lowest|cheapest|bottom|reserve price|free of charge|accepted)\b/i;
const LINK =
  /\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\b[a-z0-9-]+\.(com|net|org|io|ai|dev|app|co|example)\b/i;
/** Other currencies' signs are here as well: we write codes. */
const MARKUP = /[<>{}[\]`*_#|\\~]|[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Sc}]/u;
/** Digits of any script, and ideographs that are numbers. */
const NUMBER = /[\p{N}零一二三四五六七八九十百千万萬億亿兆]/u;

/**
 * The message itself when it is fit for a buyer, else undefined: at most 300 characters, no link,
 * no markup, no control character, no number but our ask (digits of any script), and no currency
 * but ours. The item's name may be said, whatever is in it, if it reads like a name.
 */
export function screenMessage(
  message: string,
  offer: { readonly itemName: string; readonly askMinor: number; readonly currency: string },
): string | undefined {
  const text = message.trim();
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  const name = sayable(offer.itemName) ? offer.itemName : '';
  // Numbers that are no digits; the next line makes letters of some.
  if (/[\p{Nl}\p{No}]/u.test(without(text, name))) return undefined;
  // Compatibility forms (full-width digits, styled letters) count as what they look like.
  let rest = without(text.normalize('NFKC'), name.normalize('NFKC'));
  if (LINK.test(rest) || MARKUP.test(rest) || FORBIDDEN_WORDS.test(rest)) return undefined;
  for (const form of renderings(offer.askMinor, offer.currency)) rest = without(rest, form);
  if (NUMBER.test(rest)) return undefined;
  return currenciesIn(rest).some((code) => code !== offer.currency) ? undefined : text;
}

/** A name that is no name but a text, a link, markup or a price is not put into our mouth. */
function sayable(name: string): boolean {
  if (name.length > MAX_NAME || LINK.test(name) || MARKUP.test(name)) return false;
  return !(NUMBER.test(name) && currenciesIn(name).length > 0);
}

function currenciesIn(text: string): string[] {
  const codes: string[] = text.match(/\b[A-Z]{3}\b/g) ?? [];
  return codes.filter((code) => currencyDigits(code) !== undefined);
}

/** The text without a phrase, but for where it is a part of a longer word or number. */
function without(text: string, phrase: string): string {
  if (phrase === '') return text;
  const alone = `(?<![\\p{L}\\p{N}]|\\p{N}[.,])${escapeRegExp(phrase)}(?![\\p{L}\\p{N}]|[.,]\\p{N})`;
  return text.replaceAll(new RegExp(alone, 'gu'), ' ');
}

/** `1,000.00`, `1000.00`, and `1,000`, `1000` for a whole amount; longest first. */
function renderings(minor: number, currency: string): string[] {
  const forms = [formatMoney(minor, currency).replace(/ .*$/, ''), formatPlain(minor, currency)];
  return [...forms, ...forms.map((form) => form.replace(/\.0+$/, ''))];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
