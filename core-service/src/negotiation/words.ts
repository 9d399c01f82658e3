/**
 * What we say beside a counter-offer. Words may come from a model; they are only passed on when
 * they hold nothing that we did not give it.
 */
import { formatMoney, formatPlain } from '../money.ts';

const MAX_LENGTH = 300;

const TEMPLATES = [
  (item: string, ask: string) =>
    `Thank you for your offer for ${item}. We could let you have it for ${ask}.`,
  (item: string, ask: string) =>
    `We would be glad to welcome you. For ${item} we can offer ${ask}.`,
  (item: string, ask: string) => `We have looked again at ${item} and can do ${ask}.`,
  (item: string, ask: string) => `Let us meet in the middle of things: ${ask} for ${item}.`,
  (item: string, ask: string) =>
    `We appreciate your patience. Our offer for ${item} is now ${ask}.`,
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
  if (offer.last) return `This is our last offer for ${offer.itemName}: ${ask}.`;
  const template = TEMPLATES[(offer.round - 1) % TEMPLATES.length] as (typeof TEMPLATES)[number];
  return template(offer.itemName, ask);
}

/** Numbers in words, and words about our limits: the model has no business with either. */
const FORBIDDEN_WORDS =
  /\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|percent|floor|minimum|lowest|cheapest|bottom|reserve price|free of charge|accepted)\b/i;
const LINK =
  /\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\b[a-z0-9-]+\.(com|net|org|io|ai|dev|app|co|example)\b/i;
const MARKUP = /[<>{}[\]`*_#|\\~]|[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/u;

/**
 * The message itself when it is fit for a buyer, else undefined: at most 300 characters, no link,
 * no markup, no control character, and no number but our ask (digits of any script).
 */
export function screenMessage(
  message: string,
  offer: { readonly itemName: string; readonly askMinor: number; readonly currency: string },
): string | undefined {
  const text = message.trim();
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  // Compatibility forms (full-width digits, fractions) count as what they look like.
  let rest = text.normalize('NFKC').replaceAll(offer.itemName, ' ');
  if (LINK.test(rest) || MARKUP.test(rest) || FORBIDDEN_WORDS.test(rest)) return undefined;
  for (const form of renderings(offer.askMinor, offer.currency)) {
    rest = rest.replaceAll(
      new RegExp(`(?<![\\p{N}.,])${escapeRegExp(form)}(?![\\p{N}]|[.,]\\p{N})`, 'gu'),
      ' ',
    );
  }
  return /\p{N}/u.test(rest) ? undefined : text;
}

/** `1,000.00`, `1000.00`, and `1,000`, `1000` for a whole amount; longest first. */
function renderings(minor: number, currency: string): string[] {
  const forms = [formatMoney(minor, currency).replace(/ .*$/, ''), formatPlain(minor, currency)];
  return [...forms, ...forms.map((form) => form.replace(/\.0+$/, ''))];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
