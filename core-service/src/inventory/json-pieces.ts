/** JSON cut into the pieces that are items, each with the line where it began. */
import type { Problem } from './item-row.ts';

/** A piece of JSON and the line where it began; one that is too long is cut. */
export interface Piece {
  readonly line: number;
  readonly text: string;
}

/** The members of an array; it has to be whole. */
export function* membersOf(whole: string): Generator<Piece | Problem> {
  const cut = cutter(whole);
  let depth = 0;
  for (const { mark, at } of structureOf(whole)) {
    if ('{['.includes(mark)) {
      if (depth++ === 0) cut(at + 1);
    } else if (mark !== ',') {
      if (--depth > 0) continue;
      const last = cut(at);
      // Nothing behind the last comma is no item.
      if (last.text !== '') yield last;
      cut(at + 1);
      const { line, text } = cut(whole.length);
      if (text !== '') yield { line, reason: 'stands behind the end of the array' };
      return;
    } else if (depth === 1) {
      yield cut(at);
      cut(at + 1);
    }
  }
  yield { line: cut(whole.length).line, reason: 'the array does not end: is the file cut off?' };
}

/** Objects that follow one another. */
export function* objectsOf(whole: string): Generator<Piece> {
  const cut = cutter(whole);
  let depth = 0;
  for (const { mark, at } of structureOf(whole)) {
    if ('{['.includes(mark)) depth++;
    else if (mark !== ',' && --depth <= 0) {
      depth = 0;
      yield cut(at + 1);
    }
  }
  const rest = cut(whole.length);
  if (rest.text !== '') yield rest;
}

/** The brackets and commas outside of texts. */
function* structureOf(whole: string): Generator<{ readonly mark: string; readonly at: number }> {
  const marks = /["\\{}[\],]/g;
  let isText = false;
  for (let found = marks.exec(whole); found; found = marks.exec(whole)) {
    const { 0: mark, index: at } = found;
    if (mark === '"') isText = !isText;
    else if (!isText) yield { mark, at };
    // A quote that is escaped ends no text.
    else if (mark === '\\') marks.lastIndex++;
  }
}

/** @returns cuts the next piece off, up to a place, and counts the lines */
function cutter(whole: string): (to: number) => Piece {
  let [from, line] = [0, 1];
  return (to) => {
    const text = whole.slice(from, to);
    const began = line + newlinesIn(/^\s*/.exec(text)?.[0] ?? '');
    [from, line] = [to, line + newlinesIn(text)];
    return { line: began, text: text.trim() };
  };
}

const newlinesIn = (text: string): number => text.split('\n').length - 1;
