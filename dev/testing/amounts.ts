/** Searches a text for a price in any of the ways in which it could be written down. */

/** A sign that may stand between two digits, for decimals or groups; NFKC makes thin spaces plain. */
const MARK = `[.,'’ _]?`;
const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
/** Trace, span and request ids are left out, because among so many random digits any six turn up some day. */
const RANDOM_ID =
  /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b|\b(?=\d*[a-f])[\da-f]{16,64}\b/g;

/**
 * @returns true when the text has the amount in any form: major or minor units, decimal point or comma,
 * grouped by whatever sign, without its decimals or rounded to none, as 9.47e5, or in words.
 *
 * @param amount in major units of a currency with two decimals; six digits or more before them
 */
export function mentions(text: string, amount: number): boolean {
  const plain = text
    .replace(/\\u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(RANDOM_ID, ' ')
    .normalize('NFKC');
  const words = plain
    .toLowerCase()
    .replace(/[\s,-]+/g, ' ')
    .replaceAll(' and ', ' ');
  const whole = Math.trunc(amount);
  const cents = String(Math.round(amount * 100)).slice(-2);
  return [whole, whole + 1].some((number) => {
    const digits = [...String(number)];
    const written = `(?<!\\d|\\d\\.)${digits.join(MARK)}(${MARK}${[...cents].join(MARK)})?(?!\\d)`;
    const spelt = [inWords(number), digits.map((digit) => ONES[Number(digit)]).join(' ')];
    return new RegExp(written, 'u').test(plain) || spelt.some((form) => words.includes(form));
  });
}

/** @returns the English words of a whole number below 10^9, without hyphens or `and` */
function inWords(number: number): string {
  if (number < 20) return ONES[number] ?? '';
  if (number < 100) return join(TENS[Math.trunc(number / 10)] ?? '', number % 10);
  for (const [size, name] of [
    [1_000_000, 'million'],
    [1_000, 'thousand'],
    [100, 'hundred'],
  ] as const) {
    if (number >= size) return join(`${inWords(Math.trunc(number / size))} ${name}`, number % size);
  }
  return '';
}

function join(words: string, rest: number): string {
  return rest === 0 ? words : `${words} ${inWords(rest)}`;
}
