/** What the search bench asks: three sets of items, each with queries and what was judged to answer them. */
import { readItem } from '../../../core-service/src/inventory/item-row.ts';
import type { ItemRow } from '../../../core-service/src/inventory/item-row.ts';
import { readSeed } from '../../../core-service/src/inventory/seed.ts';
import documents from './documents.json' with { type: 'json' };
import goods from './goods.json' with { type: 'json' };
import type { Grades } from './measures.ts';
import written from './queries.json' with { type: 'json' };

export interface Query {
  /** The slice of the table that it is counted in. */
  readonly kind: string;
  readonly query: string;
  readonly relevant: Grades;
}

export interface QuerySet {
  readonly name: string;
  readonly items: readonly ItemRow[];
  readonly queries: readonly Query[];
  /** True where every other query was looked at while the embedder was improved. */
  readonly isHalved?: boolean;
}

const BEST = 3;

export async function readSets(): Promise<readonly QuerySet[]> {
  const hotels = written as unknown as readonly Query[];
  return [
    { name: 'lodging', items: await readSeed(), queries: hotels, isHalved: true },
    { name: 'goods', items: goods.map(toItem), queries: goods.flatMap(queriesInEachLanguage) },
    {
      name: 'long texts',
      items: documents.map(toItem),
      queries: documents.flatMap(({ id, queries }) =>
        queries.map((query) => ({ kind: 'en', query, relevant: { [id]: BEST } })),
      ),
    },
  ];
}

interface Offer {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

function queriesInEachLanguage({ id, queries }: (typeof goods)[number]): Query[] {
  return Object.entries(queries).map(([kind, query]) => ({
    kind,
    query,
    relevant: { [id]: BEST },
  }));
}

function toItem({ id, name, description }: Offer, i: number): ItemRow {
  const row = readItem(i + 1, {
    id,
    name,
    description,
    price: '20.00',
    floor: '10.00',
    currency: 'EUR',
  });
  if ('id' in row) return row;
  throw new Error(`the set is broken: ${JSON.stringify(row)}`);
}
