import type { SQL } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Prepared, Rows } from '../db/prepared.ts';
import { preparedSql } from '../db/prepared.ts';
import { toBytes } from '../db/vector-values.ts';
import type { Filters } from './filters-repository.ts';
import { filterShapeOf, filterValuesOf } from './filters-repository.ts';
import type { Shape, Values } from './statement-repository.ts';
import { statementOf } from './statement-repository.ts';
import type { AskedStems, LearnedStem } from './stem-cache.ts';
import { learnStems, stemsAskedFor } from './stem-cache.ts';
import { SORTED_LANGUAGES } from './terms-repository.ts';

export interface HybridQuery {
  /** Compared word by word. */
  readonly text: string;
  /** Compared by meaning; undefined when the embedder failed. */
  readonly vector: readonly number[] | undefined;
  /** The model that made the vector. */
  readonly model: string;
  readonly filters: Filters;
  /** Compared with the similarity clamped to 0–1, so 0 takes all. */
  readonly minSimilarity: number;
  readonly limit: number;
}

export interface FoundItem {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly currency: string;
  readonly baseMinor: number;
  /** Cosine similarity, −1 to 1; null where there are no two vectors of one model to compare. */
  readonly similarity: number | null;
}

/** Active items, best first, in one statement: those nearest by meaning and those that share words. */
export async function findItems(db: Db, query: HybridQuery): Promise<FoundItem[]> {
  const stems = stemsAskedFor(db, query.text, SORTED_LANGUAGES);
  const { rows } = await ask(db, shapeOf(query), valuesOf(query, stems));
  const told = rows.find(({ id }) => id === null);
  if (told && stems.fresh.length > 0)
    learnStems(db, stems, told['learned'] as LearnedStem[] | null);
  return rows
    .filter(({ id }) => id !== null)
    .map(({ id, name, description, currency, baseMinor, similarity }) => ({
      ...({ id, name, description, currency, similarity } as FoundItem),
      baseMinor: Number(baseMinor),
    }));
}

/** The statement of a query as it is sent, with its values in their places. */
export function searchStatement(db: Db, query: HybridQuery): SQL {
  const stems = stemsAskedFor(db, query.text, SORTED_LANGUAGES);
  return statementOf(shapeOf(query), valuesOf(query, stems));
}

function shapeOf({ vector, filters }: HybridQuery): Shape {
  return { isByMeaning: vector !== undefined, ...filterShapeOf(filters) };
}

function valuesOf({ vector, filters, ...query }: HybridQuery, stems: AskedStems): Values {
  const { model, minSimilarity, limit } = query;
  const known = JSON.stringify(stems.known);
  const fresh = JSON.stringify(stems.fresh);
  const asBytes = vector && toBytes(vector);
  return { known, fresh, vector: asBytes, model, minSimilarity, limit, ...filterValuesOf(filters) };
}

/** Searches by more attributes are planned each time, and so are those by words alone with filters. */
const MAX_PLANNED_ATTRIBUTES = 2;

/** Planning costs as much as a search among few, and so the usual statements are planned once. */
const planned = new Map<string, Prepared<Values, Rows>>();

function ask(db: Db, shape: Shape, values: Values): Promise<Rows> {
  const { isByMeaning, hasCurrency, hasMaxPrice, attributes } = shape;
  const isFiltered = hasCurrency || hasMaxPrice || attributes > 0;
  if (attributes > MAX_PLANNED_ATTRIBUTES || (isFiltered && !isByMeaning))
    return db.execute(statementOf(shape, values));
  const name = `search_${[isByMeaning, hasCurrency, hasMaxPrice, attributes].map(Number).join('')}`;
  let statement = planned.get(name);
  if (!statement) {
    statement = preparedSql<Values>(name, (places) => statementOf(shape, places));
    planned.set(name, statement);
  }
  return statement(db, values);
}
