/** What stands in a text where a value was to stand: marks of templates, objects and errors of programs. */
import { quote } from '../typed-text.ts';

/** Marks of Mustache, Jinja, ERB and PHP, shells and JavaScript, Python, Ruby and C#. */
const TEMPLATE_MARKS = [
  String.raw`\{\{[^{}]{1,200}\}\}|\{[%#][^{}]{1,200}[%#]\}|<(?:%|\?(?:=|php\b))[^<>]{0,200}(?:[%?]>)?`,
  String.raw`\$\{[^{}]{1,200}\}|#\{[^{}]{1,200}\}|\$\([A-Za-z_]\w*\)|%\([A-Za-z_]\w*\)[sdf]|%\{[^{}]{1,200}\}`,
  String.raw`(?<!\\[ux])\{[A-Za-z_]\w*(?:\.\w+)*\}|\[\[[A-Za-z_][\w .]*\]\]|%%[A-Za-z_]\w*%%|__[A-Z][A-Z0-9_]+__`,
  String.raw`(?<![^\s(])(?:%[sd]|\{[01]\})(?![^\s.,;:!?)])`,
].join('|');
export const TEMPLATE_MARK = new RegExp(TEMPLATE_MARKS, 'u');

/** The texts of JavaScript, Python and Java for a value that is none. */
const OBJECTS = String.raw`\[object \p{L}+\]|<[\w.]+ object at 0x[\da-f]+>`;
export const PROGRAM_OBJECT = new RegExp(
  String.raw`${OBJECTS}|\b[\w.]+@[\da-f]{7,8}(?![\w.])`,
  'u',
);
/** An agent may be called `bot@1234abc`; a class of Java has its package before it. */
const SURE_OBJECT = new RegExp(String.raw`${OBJECTS}|\b(?:\w+\.)+\w+@[\da-f]{7,8}(?![\w.])`, 'u');
/** A whole text of JSON, of PHP or Python, or in Base64. */
export const PROGRAM_DATA =
  /^(?:\{\s*["'][^]*\}|\[\s*["'{][^]*\]|[aOs]:\d+:[{"][^]*|b'[^']*'|b"[^"]*"|data:[\w/+.-]+;base64,[^]*|[A-Za-z0-9+/]{30,}={1,2})$/u;
export const PROGRAM_ERROR =
  /^(?:[A-Z]\w*)?(?:Error|Exception): |Traceback \(most recent call last\)|(?:^|\n)\s*at [\w.$<>]+ \(\S+:\d+(?::\d+)?\)/u;

/** What people put between brackets until they know it; labels such as [NEW] and [Best price] are none of it. */
const FIELD =
  'name|brand|product|item|model|price|amount|currency|date|city|country|location|place|street|phone|e-?mail|url|photo|company|customer|user|username|description|number|id|sku|value|colou?r|size|quantity|query|search|keywords?|placeholder';
/** HTML has tags of these names. */
const TAGS = 'title|link|address|time|details|text|image|code';
const owned = (fields: string): string =>
  [
    String.raw`(?:insert|enter|your)\b[^\][<>\n]{0,60}`,
    String.raw`(?:(?:product|item|brand|company|customer|user|business|shop|store|first|last|full)[ _-])?(?:${fields})`,
    String.raw`[a-z][a-z0-9]*(?:_[a-z0-9]+)+`,
  ].join('|');
const IN_BRACKETS = String.raw`(?<!\[)\[(?:${owned(`${FIELD}|${TAGS}`)})\](?![\](])|<(?:${owned(FIELD)})>`;
const BRACKETS = new RegExp(IN_BRACKETS, 'i');
export const PLACEHOLDER = new RegExp(
  [
    String.raw`\blorem ipsum\b|^(?:to ?do|tbd|tba|tbc|xxx+|asdf+|placeholder|[-–—._]{1,5})$`,
    IN_BRACKETS,
  ].join('|'),
  'i',
);

/** Alone, these are the names of variables, which were to be replaced by what they hold. */
const VARIABLE = /^(?:\$[A-Za-z_]\w*|%[A-Za-z_]\w*%|<[A-Za-z_][\w .-]*>|:[A-Za-z_]\w{2,})$/u;
/** Alone, these are what programs write for nothing; a thing may be called `null` or `None`, though. */
const NOTHING = /^(?:undefined|\(null\)|\\N)$/u;
/** None of the marks goes without one of these. */
const SUSPICIOUS =
  /[{$%<[@(\\]|__|^:|undefined|Error|Exception|^[A-Za-z0-9+/]{30,}=|^[abOs](?::\d|["'])|^data:/u;

type Kind = readonly [seen: RegExp, words: string];
const MARKS: readonly Kind[] = [
  [TEMPLATE_MARK, 'a mark of a template, which was not filled in'],
  [SURE_OBJECT, 'what a program writes in place of an object'],
  [VARIABLE, 'the name of a variable in place of what it holds; leave its sign out if it is meant'],
];
const KINDS: readonly Kind[] = [
  ...MARKS,
  [PROGRAM_DATA, 'data of a program; send the words alone'],
  [PROGRAM_ERROR, 'an error of a program'],
  [BRACKETS, 'a placeholder, which was not filled in'],
  [NOTHING, "a program's word for nothing"],
];

/** @returns what in a text cannot have been meant, and why; undefined where all of it may be */
export function unfilled(text: string): string | undefined {
  const written = text.trim();
  return SUSPICIOUS.test(written) ? firstOf(KINDS, written) : undefined;
}

/** Nobody is called so, nor is the last part of a DID. */
const NO_NAME = /^(?:.*:)?(?:undefined|null|Null|NULL|None|nil|NaN)$/u;
/** A part of a code may look so by chance. */
const PART = /__[A-Z][A-Z0-9_]+__(?=.)|(?<=.)__[A-Z][A-Z0-9_]+__/gu;

/** The same of a name of which each has its own, such as an agent's or an idempotency key. */
export function unfilledName(name: string): string | undefined {
  if (NO_NAME.test(name)) return `is ${quote(name)}, a program's word for nothing`;
  return SUSPICIOUS.test(name) ? firstOf(MARKS, name.replace(PART, '')) : undefined;
}

function firstOf(kinds: readonly Kind[], text: string): string | undefined {
  for (const [seen, words] of kinds) {
    const [found] = seen.exec(text) ?? [];
    if (found !== undefined) return `has ${quote(found)}, ${words}`;
  }
  return undefined;
}
