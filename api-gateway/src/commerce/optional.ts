import { Type } from '../json-schema.ts';
import type { Static, TSchema } from 'typebox';

/** Makes a field of a request optional: null is the same as leaving it out. */
export function optional<T extends TSchema & { readonly type: string }>(schema: T) {
  return Type.Optional(Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] }));
}
