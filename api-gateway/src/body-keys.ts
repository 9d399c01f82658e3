/** Keys of a JSON text that JSON.parse would swallow or that no field may have. */
import type { FieldError } from './problem.ts';

/** Most wrong keys that one answer names. */
const MAX_ERRORS = 10;
/** A string or a mark of JSON's grammar; numbers, words and spaces lie between them. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/** An object or an array that is open where the reader stands. */
interface Level {
  readonly parent: Level | undefined;
  /** The keys so far; undefined of an array. */
  readonly keys: Set<string> | undefined;
  /** The key, or the position in an array, whose value is read now. */
  at: string | number;
  /** True where the next string is a key. */
  isBeforeKey: boolean;
}

/**
 * Finds the keys that an object has twice, of which JSON.parse would take the last one in silence, and
 * those by which a body could reach for JavaScript's prototypes.
 *
 * @param text valid JSON
 * @returns one error for each such key, with its path as in `attributes.color`
 */
export function findWrongKeys(text: string): FieldError[] {
  const errors = new Map<string, FieldError>();
  let level: Level | undefined;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') {
      level = { parent: level, keys: new Set(), at: '', isBeforeKey: true };
    } else if (token === '[') {
      level = { parent: level, keys: undefined, at: 0, isBeforeKey: false };
    } else if (token === '}' || token === ']') level = level?.parent;
    else if (token === ',') goOn(level);
    else if (level?.isBeforeKey) {
      const error = takeKey(level, JSON.parse(token) as string);
      if (error !== undefined) errors.set(error.path, errors.get(error.path) ?? error);
      if (errors.size === MAX_ERRORS) break;
    }
  }
  return [...errors.values()];
}

function goOn(level: Level | undefined): void {
  if (level === undefined) return;
  if (typeof level.at === 'number') level.at += 1;
  else level.isBeforeKey = true;
}

function takeKey(level: Level, key: string): FieldError | undefined {
  const isTwice = level.keys?.has(key);
  level.keys?.add(key);
  level.at = key;
  level.isBeforeKey = false;
  if (key === '__proto__') return { path: pathOf(level), message: 'is not a name of a field' };
  if (key === 'prototype' && level.parent?.at === 'constructor') {
    return { path: pathOf(level.parent), message: 'must have no field named prototype' };
  }
  return isTwice ? { path: pathOf(level), message: 'is there twice' } : undefined;
}

function pathOf(level: Level): string {
  const names: (string | number)[] = [];
  for (let each: Level | undefined = level; each; each = each.parent) names.unshift(each.at);
  return names.join('.');
}
