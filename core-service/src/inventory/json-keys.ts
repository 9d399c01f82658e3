/** The keys of JSON's text, which JSON.parse no longer tells of. */

/**
 * JSON.parse keeps the last of several values, and nobody knows which one was meant.
 *
 * @param text of JSON that can be read
 * @param nameOf the keys of the outermost object by what they mean
 * @returns the path of each key that an object has more than once
 */
export function repeatedKeys(
  text: string,
  nameOf: (key: string) => string = (key) => key,
): readonly (readonly string[])[] {
  const open: { readonly counts: Map<string, number>; key: string }[] = [];
  const repeated: string[][] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    const inside = open.at(-1);
    if (token === '{' || token === '[') open.push({ counts: new Map(), key: '' });
    else if (token === '}' || token === ']') open.pop();
    else if (inside && token.endsWith(':')) {
      const written = String(JSON.parse(token.slice(0, -1)));
      inside.key = open.length === 1 ? nameOf(written) : written;
      const count = (inside.counts.get(inside.key) ?? 0) + 1;
      inside.counts.set(inside.key, count);
      if (count === 2) repeated.push(open.map(({ key }) => key).filter((key) => key !== ''));
    }
  }
  return repeated;
}
