/** The statements that core sends for a request, recorded so that the bare path can send them too. */

/** Values of a statement that differ from request to request. */
type SlotName = 'agent' | 'key' | 'token_hash' | 'session' | 'code';

export interface Statement {
  readonly text: string;
  /** Plain values, or `{ slot }` in place of one. */
  readonly values: readonly unknown[];
}

/** One request: what core asks the database, and its answer in the terms of the contract. */
export interface Step {
  readonly statements: readonly Statement[];
  readonly answer: object;
}

export interface Recording {
  readonly keyed: Step;
  /** The first one is a first bid, the last one the deal. */
  readonly haggle: readonly Step[];
  readonly searches: Readonly<Record<string, Step>>;
}

/** What takes the place of each slot. */
export type Slots = Partial<Record<SlotName, unknown>>;

/** Puts a slot where a value is one of those that differ from request to request. */
export function withSlots({ text, values }: Statement, slots: Slots): Statement {
  const names = Object.keys(slots) as SlotName[];
  const slotOf = (value: unknown): unknown => {
    const slot = names.find((name) => isSame(slots[name], value));
    return slot === undefined ? value : { slot };
  };
  return { text, values: values.map(slotOf) };
}

export function fillSlots({ values }: Statement, slots: Slots): unknown[] {
  return values.map((value) => {
    const slot = (value as { readonly slot?: SlotName } | null)?.slot;
    return slot === undefined ? value : slots[slot];
  });
}

function isSame(one: unknown, other: unknown): boolean {
  if (Buffer.isBuffer(one)) return Buffer.isBuffer(other) && one.equals(other);
  return one !== undefined && one === other;
}
