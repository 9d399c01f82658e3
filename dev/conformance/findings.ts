/** What does not conform, each kind of it once. */

export interface Finding {
  /** The check, the name and the place in words that stay the same: an exception names a finding by them. */
  readonly what: string;
  /** How often it was seen. */
  readonly times: number;
  /** Where it was seen first. */
  readonly example: string;
}

export class Findings {
  readonly #found = new Map<string, { times: number; readonly example: string }>();
  /** The names that were looked at, whatever came of it. */
  readonly checked = {
    attributes: new Set<string>(),
    metrics: new Set<string>(),
    spans: new Set<string>(),
    events: new Set<string>(),
  };

  add(what: string, example: string): void {
    const known = this.#found.get(what);
    if (known) known.times++;
    else this.#found.set(what, { times: 1, example });
  }

  all(): Finding[] {
    return [...this.#found]
      .map(([what, rest]) => ({ what, ...rest }))
      .toSorted((a, b) => (a.what < b.what ? -1 : 1));
  }
}
