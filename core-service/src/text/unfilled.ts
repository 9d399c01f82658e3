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

type Kind = readonly [seen: RegExp, words: string];
const VARIABLE_WORDS =
  'the name of a variable in place of what it holds; leave its sign out if it is meant';
const NOTHING_WORDS = "a program's word for nothing";
/** Alone, these are the names of variables, which were to be replaced by what they hold. */
const VARIABLE = /^(?:\$[A-Za-z_]\w*|%[A-Za-z_]\w*%|<[A-Za-z_][\w .-]*>|:[A-Za-z_]\w{2,})$/u;
/** Alone, these are what programs write for nothing; a thing may be called `null` or `None`, though. */
const NOTHING = /^(?:undefined|\(null\)|<nil>|\\N)$/u;

/** What people also leave to be filled in when they ask for something. */
const WISHED =
  'destination|area|region|dates?|check_?in|check_?out|guests?|people|persons?|budget|type|category|style|topic|term|text|input';
/** Dollars of a country stand before a number: `$AUD 100`. */
const DOLLARS = '(?:AUD?|CAD?|HKD?|NZD?|SGD?|TWD?|USD?)\\d*';
/** Inside of a sentence: the names of variables, and the words of programs for nothing that are no words of people. */
const IN_SENTENCE: readonly Kind[] = [
  [
    new RegExp(
      [
        String.raw`(?<![^\s(])\$(?!${DOLLARS}(?!\w))[A-Za-z_]\w*(?![\w$])`,
        String.raw`(?<![^\s(])%[A-Za-z_]\w*%(?![\w%])`,
        String.raw`(?<![^\s(]):(?:${FIELD}|${WISHED})(?![\w:])`,
      ].join('|'),
      'u',
    ),
    VARIABLE_WORDS,
  ],
  [
    /(?<![\p{L}\p{N}_-])(?:undefined(?![\p{L}\p{N}_-]| (?:behaviou?r|variables?|terms?|values?|boundar))|NaN(?![\p{L}\p{N}_-]))|\(null\)|<nil>|%!\w?\(\S*/u,
    NOTHING_WORDS,
  ],
];

/** None of the marks goes without one of these. */
const SUSPICIOUS =
  /[{$%<[@(\\]|__|^:|undefined|Error|Exception|^[A-Za-z0-9+/]{30,}=|^[abOs](?::\d|["'])|^data:/u;

const MARKS: readonly Kind[] = [
  [TEMPLATE_MARK, 'a mark of a template, which was not filled in'],
  [SURE_OBJECT, 'what a program writes in place of an object'],
  [VARIABLE, VARIABLE_WORDS],
];
const KINDS: readonly Kind[] = [
  ...MARKS,
  [PROGRAM_DATA, 'data of a program; send the words alone'],
  [PROGRAM_ERROR, 'an error of a program'],
  [BRACKETS, 'a placeholder, which was not filled in'],
  [NOTHING, NOTHING_WORDS],
];

/** @returns what in a text cannot have been meant, and why; undefined where all of it may be */
export function unfilled(text: string): string | undefined {
  const written = text.trim();
  return SUSPICIOUS.test(written) ? firstOf(KINDS, written) : undefined;
}

/** The same of a query, in whose sentences people write neither the names of variables nor `NaN`. */
export function unfilledQuery(text: string): string | undefined {
  const written = text.trim();
  return (
    unfilled(written) ??
    (/[$%:(<]|undefined|NaN/.test(written) ? firstOf(IN_SENTENCE, written) : undefined)
  );
}

/** Nobody is called so, nor is the last part of a DID. */
const NO_NAME = /^(?:.*:)?(?:undefined|null|Null|NULL|None|nil|NaN)$/u;
/** The UUID of nothing, as programs initialise it, and what OpenAPI's pages write for any text. */
const OF_AN_EXAMPLE = /^(?:.*:)?(?:0{8}-(?:0{4}-){3}0{12}|f{8}-(?:f{4}-){3}f{12}|string)$/i;
/** A part of a code may look so by chance. */
const PART = /__[A-Z][A-Z0-9_]+__(?=.)|(?<=.)__[A-Z][A-Z0-9_]+__/gu;

/** The same of a name of which each has its own, such as an agent's or an idempotency key. */
export function unfilledName(name: string): string | undefined {
  if (NO_NAME.test(name)) return `is ${quote(name)}, ${NOTHING_WORDS}`;
  if (OF_AN_EXAMPLE.test(name))
    return `is ${quote(name)}, which stands in examples; send one of your own`;
  return SUSPICIOUS.test(name) ? firstOf(MARKS, name.replace(PART, '')) : undefined;
}

function firstOf(kinds: readonly Kind[], text: string): string | undefined {
  for (const [seen, words] of kinds) {
    const [found] = seen.exec(text) ?? [];
    if (found !== undefined) return `has ${quote(found)}, ${words}`;
  }
  return undefined;
}
