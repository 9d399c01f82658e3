/** What is sold in the soak, in major units of USD. */
export const LIST_PRICE = 100;
export const OPEN_ITEMS = 20;
export const RARE_ITEMS = 10;
export const DEAR_ITEM = 'dear';
export const DEAR_PRICE = 2_000;
/** Pieces that there are of each rare item. */
const RARE_QUANTITY = 3;
/** The floor as a part of the list price. */
const FLOOR = 0.6;

interface SoakItem {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly price: number;
  readonly floor: number;
  readonly currency: string;
  /** Undefined without a limit. */
  readonly quantity: number | undefined;
}

export const ITEMS: readonly SoakItem[] = [
  ...Array.from({ length: OPEN_ITEMS }, (_, i) => room(`open-${i}`, LIST_PRICE)),
  ...Array.from({ length: RARE_ITEMS }, (_, i) => room(`rare-${i}`, LIST_PRICE, RARE_QUANTITY)),
  room(DEAR_ITEM, DEAR_PRICE),
];

export function room(id: string, price: number, quantity?: number): SoakItem {
  return {
    id,
    name: `Room ${id}`,
    description: 'A quiet room in a small hotel.',
    price,
    floor: price * FLOOR,
    currency: 'USD',
    quantity,
  };
}

/** The items as a file that `inventory import` takes. */
export function itemsAsCsv(items: readonly SoakItem[] = ITEMS): string {
  const names = ['id', 'name', 'description', 'price', 'floor', 'currency', 'quantity'] as const;
  const rows = items.map((item) => names.map((name) => item[name] ?? '').join());
  return [names.join(), ...rows, ''].join('\n');
}
