/** The names and marks of `@opentelemetry/semantic-conventions`, which is made of the released registry. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';

const MARKED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*declare const (?:ATTR|METRIC)_\w+: "([^"]+)"/g;

/** @param prefix `ATTR_` for attributes, `METRIC_` for metrics */
export function publishedNames(prefix: 'ATTR_' | 'METRIC_'): Set<string> {
  const names = Object.entries(conventions).flatMap(([key, value]) =>
    key.startsWith(prefix) && typeof value === 'string' ? [value] : [],
  );
  return new Set(names);
}

/** @returns those that are deprecated, with what is said of it */
export function publishedDeprecations(of: 'attributes' | 'metrics'): Map<string, string> {
  const main = createRequire(import.meta.url).resolve('@opentelemetry/semantic-conventions');
  const text = readFileSync(join(dirname(main), `experimental_${of}.d.mts`), 'utf8');
  const found = [...text.matchAll(MARKED)].flatMap(([, comment = '', name = '']) => {
    const note = /@deprecated (.*)/.exec(comment)?.[1];
    return note === undefined ? [] : [[name, note] as const];
  });
  return new Map(found);
}
