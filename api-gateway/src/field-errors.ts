/** Says in a caller's words what Ajv found wrong. */
import { MAX_ATTRIBUTE_NAME_LENGTH } from '@aura/proto/limits.ts';
import type { FastifyError } from 'fastify';
import type { FieldError } from './problem.ts';

type Entry = NonNullable<FastifyError['validation']>[number] & {
  /** Ajv adds the schema and the value in verbose mode. */
  readonly parentSchema?: {
    readonly description?: string;
    readonly type?: string | readonly string[];
    readonly patternProperties?: object;
  };
  readonly data?: unknown;
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a JSON object',
  array: 'an array',
};

/** Returns one error for each wrong field, the first that was found. */
export function toFieldErrors(error: FastifyError): FieldError[] {
  const errors = new Map<string, FieldError>();
  for (const entry of (error.validation ?? []) as Entry[]) {
    const name = nameOf(entry);
    const path = error.validationContext === 'headers' ? headerName(name) : name;
    if (!errors.has(path)) errors.set(path, { path, message: messageOf(entry) });
  }
  return [...errors.values()];
}

/** Ajv keeps the name of a missing or unknown field apart from the path of its object. */
function nameOf({ instancePath, params }: Entry): string {
  const below = (params['missingProperty'] ?? params['additionalProperty']) as string | undefined;
  const path = instancePath
    .split('/')
    .slice(1)
    // A JSON pointer writes these two characters so.
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return [...path, ...(below ? [below] : [])].join('.');
}

function messageOf(entry: Entry): string {
  const { keyword, instancePath, params, parentSchema, data, message } = entry;
  const limit = String(params['limit']);
  if (Math.abs(Number(limit)) === Number.MAX_SAFE_INTEGER)
    return `has ${String(data)}, which has too many digits; write it as text`;
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'additionalProperties':
      return parentSchema?.patternProperties === undefined
        ? 'is not a field of this request'
        : `must have a name of 1 to ${MAX_ATTRIBUTE_NAME_LENGTH} characters without NUL, U+FFFD or lone surrogates`;
    case 'type':
      // Fastify checks null in place of a body that was not sent.
      if (instancePath === '' && data === null) return 'is empty, but must be a JSON object';
      return typeMessage(parentSchema?.type ?? String(params['type']), data);
    case 'pattern':
      return `must be ${parentSchema?.description?.split(';', 1)[0] ?? 'of another form'}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'exclusiveMinimum':
      return `must be above ${limit}`;
    case 'minLength':
      return 'must not be empty';
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'maxProperties':
      return `must have at most ${limit} entries`;
    default:
      return message ?? 'is invalid';
  }
}

function typeMessage(type: string | readonly string[], data: unknown): string {
  const types = [type].flat().filter((each) => each !== 'null');
  const wanted = types.map((each) => TYPES[each] ?? each).join(' or ');
  // JSON takes 1e400 for a number; JavaScript makes Infinity of it, which is not one here.
  if (typeof data === 'number' && !Number.isFinite(data)) return 'must be a finite number';
  const isNumeric = types.includes('number') || types.includes('integer');
  if (isNumeric && typeof data === 'string' && data.trim() !== '' && !Number.isNaN(Number(data))) {
    return `must be ${wanted}: write it without quotes`;
  }
  // Filters alone take a text as well as true and false.
  const isFilter = types.includes('string') && types.includes('boolean');
  const isList = isFilter && Array.isArray(data) && data.length > 0;
  const how = isList ? '; write several as one text: "sauna, parking"' : '';
  return `must be ${wanted}, not ${kindOf(data)}${how}`;
}

function kindOf(data: unknown): string {
  if (data === null || typeof data === 'boolean') return String(data);
  if (Array.isArray(data)) return 'an array';
  if (typeof data === 'object') return 'an object';
  return typeof data === 'number' ? String(data) : 'a string';
}

function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
