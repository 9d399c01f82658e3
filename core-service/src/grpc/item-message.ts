/** Items as the contract has them, by the table of columns. */
import type { InventoryItem, InventoryItem__Output } from '@aura/proto';
import type { Table } from '../inventory/columns.ts';
import { COLUMN_NAMES, COLUMNS, toFileRow } from '../inventory/columns.ts';
import type { Item } from '../inventory/repository.ts';

type Field = Exclude<keyof InventoryItem, `_${string}` | 'cleared'>;
type Wire = Table[keyof Table]['wire'];

// A column without a field of the contract, or the reverse, is an error of the compiler here.
const fieldOf = (wire: Wire): Field => wire;
const wireOf = (field: Field): Wire => field;

/** The name of a column in the contract, as a problem's path has it: `currency_code`. */
export function fieldName(column: string): string {
  const known = COLUMN_NAMES.find((name) => name === column);
  if (known === undefined) return column;
  return wireOf(fieldOf(COLUMNS[known].wire as Wire)).replace(
    /[A-Z]/g,
    (letter) => `_${letter.toLowerCase()}`,
  );
}

/** A message as a row: an optional field that is absent or empty is left out, and stays as it is. */
export function toRaw(message: InventoryItem__Output): Readonly<Record<string, unknown>> {
  const given = COLUMN_NAMES.flatMap((name) => {
    const { wire, initial } = COLUMNS[name];
    const value = message[wire as Field];
    const isLeftOut = value === undefined || (value === '' && initial !== undefined);
    return isLeftOut ? [] : [[name, value] as const];
  });
  const cleared = message.cleared.map((column) => [column, null] as const);
  return Object.fromEntries([...cleared, ...given]);
}

/** An item as a message; what has no value is named by `cleared`, so that it can be imported again. */
export function toMessage(item: Item): InventoryItem {
  const row = toFileRow(item);
  const set = COLUMN_NAMES.filter((name) => row[name] !== null);
  return {
    ...Object.fromEntries(
      set.map((name) => [
        COLUMNS[name].wire,
        name === 'attributes' ? JSON.stringify(row[name]) : row[name],
      ]),
    ),
    cleared: COLUMN_NAMES.filter((name) => COLUMNS[name].clearable && row[name] === null),
  };
}
