/**
 * Arithmetic on vectors. The loops are written out, because `map`, `reduce` and `Array.from` put each
 * of the thousand numbers into an object of its own, which was most of what a search allocated.
 */

/** The Euclidean length; NaN or infinite where a number is. */
export function lengthOf(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += (vector[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** A new vector with each number divided by that one. */
export function divided(vector: ArrayLike<number>, by: number): number[] {
  // oxlint-disable-next-line unicorn/no-new-array -- it is not copied while it is filled
  const quotients = new Array<number>(vector.length);
  for (let i = 0; i < quotients.length; i++) quotients[i] = (vector[i] ?? 0) / by;
  return quotients;
}
