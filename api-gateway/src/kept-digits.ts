/** Numbers of JSON that a double would not keep as they are written. */

/** A message shows this many characters of a number. */
const MAX_SHOWN = 60;
/** `toPrecision` tells no more digits of a number than these. */
const MAX_DIGITS = 100;

/**
 * Tells whether a number is the one that its text says: each double has its own digits at any length, so that
 * 40.100000000000001, as some programs write 40.1, is kept, and 40.000000000000001 is not. One that is too
 * great for a double counts as kept; it is infinite.
 *
 * @param source as it stands in JSON
 */
export function isKept(source: string): boolean {
  const value = Number(source);
  if (!Number.isFinite(value)) return true;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return false;
  const digits = significant(source);
  if (digits === '') return true;
  return digits.length <= MAX_DIGITS && significant(value.toPrecision(digits.length)) === digits;
}

/** Says what is wrong with a number that is not kept, behind the name of its field. */
export function whyRounded(source: string): string {
  const shown = source.length > MAX_SHOWN ? `${source.slice(0, MAX_SHOWN)}…` : source;
  const why = Number(source) === 0 ? 'is too close to 0' : 'has too many digits';
  return `has ${shown}, which ${why}`;
}

/** The digits of a number without its sign, its point, its exponent and the zeros around them. */
function significant(number: string): string {
  return number
    .replace(/e.*$/i, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '');
}
