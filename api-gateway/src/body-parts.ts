/** Keys of a JSON text that JSON.parse would swallow or that no field may have, and numbers that it would round. */
import { isKept, whyRounded } from './kept-digits.ts';
import type { FieldError } from './problem.ts';

/** Most wrong keys and numbers that one answer names. */
const MAX_ERRORS = 10;
/**
 * A string, a mark of JSON's grammar, or a number that may be too long for a double; shorter ones, words and
 * spaces lie between them.
 */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]|-?\d[\d.eE+-]{5,}/g;

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
 * Finds what JSON.parse would change in silence: keys that an object has twice, of which it takes the last one,
 * and numbers with more digits than it keeps. Also finds the keys by which a body could reach for
 * JavaScript's prototypes.
 *
 * @param text valid JSON
 * @returns one error for each such key or number, with its path as in `attributes.color`
 */
export function findWrongParts(text: string): FieldError[] {
  const errors = new Map<string, FieldError>();
  let level: Level | undefined;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') {
      level = { parent: level, keys: new Set(), at: '', isBeforeKey: true };
    } else if (token === '[') {
      level = { parent: level, keys: undefined, at: 0, isBeforeKey: false };
    } else if (token === '}' || token === ']') level = level?.parent;
    else if (token === ',') goOn(level);
    else {
      const error = takeValue(level, token);
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

/** @param token a string, which may be a key, or a number */
function takeValue(level: Level | undefined, token: string): FieldError | undefined {
  if (level?.isBeforeKey) return takeKey(level, JSON.parse(token) as string);
  if (token.startsWith('"') || isKept(token)) return undefined;
  return { path: level ? pathOf(level) : '', message: messageOf(level, token) };
}

/** Says how to write the number: an attribute may be a text. */
function messageOf(level: Level | undefined, number: string): string {
  const isAttribute = level?.parent?.at === 'attributes';
  const how = isAttribute ? 'write it as text' : `it would be read as ${Number(number)}`;
  return `${whyRounded(number)}; ${how}`;
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
