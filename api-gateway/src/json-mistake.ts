/** This file says in words what people and programs write that is no JSON. */

/** These patterns find, outside of texts, what people and programs write that JSON has not. */
const MISTAKES: readonly (readonly [seen: RegExp, words: string])[] = [
  [/^\s*$/, 'nothing stands here; is there a comma too many?'],
  [/^\s*(?:```|~~~)/, 'it has a fence of Markdown around it; take the lines with ``` away'],
  [
    /^\s*'\s*[[{]/,
    'it has single quotes around it, as where a shell of Windows passes them on; write it as "{\\"key\\": …}", or read it from a file',
  ],
  [/^\s*["“]\s*[[{]/u, 'it is a text with JSON inside; take the quotes around it and the \\ away'],
  [/[“”„‟«»‘’]/u, 'it has curly quotes; JSON has only the straight ", double'],
  [/'/, 'it has single quotes; JSON has double ones, "'],
  [/\/\/|\/\*|(?:^|\n)[^\S\n]*#/, 'it has a comment, which JSON has not; delete it'],
  [/,\s*[\]}]/, 'it has a comma before a closing bracket; delete it'],
  [/,\s*$/, 'it has a comma behind its end; delete it, or put all items in [ ]'],
  [
    /\b(?:True|False|None|undefined)\b/,
    'it has a word of a program; JSON has true, false and null',
  ],
  [/\b(?:NaN|Infinity)\b/, 'it has NaN or Infinity, which JSON has not; write null'],
  [
    /[{,]\s*[\p{L}_$][\w$-]*\s*:/u,
    'it has a key without quotes; put it in double ones, ", which a shell may have taken away',
  ],
  [/^\s*[\w.-]+=[^\n]*$/, 'it is a form, name=value; JSON looks like {"name": "value"}'],
];

/** @returns what is wrong with a text that is no JSON, and how to write it; undefined when it is nothing usual */
export function jsonMistake(text: string): string | undefined {
  const outside = /^\s*"\s*[[{]/.test(text) ? text : text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return MISTAKES.find(([seen]) => seen.test(outside))?.[1];
}
