/**
 * JSON Schemas that have TypeBox's types, made as TypeBox makes them. Its own makers bring 373 modules with
 * all that it can compute with types, which cost each start 0.11 s and 23 MB.
 */
import type { Type as TypeBox } from 'typebox';

type Options = Readonly<Record<string, unknown>>;
type Schema = object;

/** Fields of an object that may be left out. */
const optionals = new WeakSet<Schema>();

const MAKERS = {
  Array: (items: Schema, options?: Options) => ({ type: 'array', items, ...options }),
  Enum: (values: readonly string[], options?: Options) => ({ enum: values, ...options }),
  Integer: (options?: Options) => ({ type: 'integer', ...options }),
  Literal: (value: string | number | boolean, options?: Options) => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Number: (options?: Options) => ({ type: 'number', ...options }),
  Object(properties: Readonly<Record<string, Schema>>, options?: Options) {
    const required = Object.entries(properties).flatMap(([key, schema]) =>
      optionals.has(schema) ? [] : [key],
    );
    return {
      type: 'object',
      ...(required.length > 0 && { required }),
      properties,
      ...options,
    };
  },
  Optional(schema: Schema) {
    const copy = { ...schema };
    optionals.add(copy);
    return copy;
  },
  Record: (key: { readonly pattern?: string }, value: Schema, options?: Options) => ({
    type: 'object',
    patternProperties: { [key.pattern ?? '^.*$']: value },
    ...options,
  }),
  Ref: (name: string, options?: Options) => ({ $ref: name, ...options }),
  String: (options?: Options) => ({ type: 'string', ...options }),
  Union: (anyOf: readonly Schema[], options?: Options) => ({ anyOf, ...options }),
  Unsafe: (schema: Schema) => ({ ...schema }),
};

export const Type = MAKERS as unknown as Pick<typeof TypeBox, keyof typeof MAKERS>;
