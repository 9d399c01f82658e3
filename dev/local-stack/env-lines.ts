/** The lines of a .env file that Node and `docker compose` read differently, or nobody as meant. */

const ASSIGNMENT = /^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)$/s;
/** Inside a value of several lines, this is the next variable, which a forgotten quote has swallowed. */
const NEXT_VARIABLE = /^[ \t]*(?:export[ \t]+)?[A-Z_][A-Z0-9_]*[ \t]*=(?!=|$)/;
/** A second variable behind the value of the first, as a shell would take them. */
const SECOND_VARIABLE =
  /^(?:(["'`])(?:(?!\1).)*\1|[^"'`#](?:(?![ \t]#).)*?)[ \t;]+(?:export[ \t]+)?([A-Z][A-Z0-9_]{2,})=/s;
/** What a shell would run or put in, and nobody does here; single quotes would only keep it as it is. */
const OF_A_SHELL = /^(?:"[^"]*?|[^"'].*?|)(?:\$[({]|`[^`]*`)/s;
/** Node and Compose take these values for the same; a comment may follow after a space. */
const SAME = [
  // Without quotes a $ would begin a variable of Compose, and Node ends the value at any #.
  /^(?!['"`])[^#$\\]*( #.*)?$/,
  /^'([^'\\]|\\(?!'))*'( +#.*)?$/,
  /^"[^"$\\]*"( +#.*)?$/,
];
/** A path as a shell or Windows would complete it. */
const OF_A_HOME = /^["']?(~(?:[/\\]|$)|\$(?:HOME|PWD|USER)(?=[/\\]|["']?$)|%[A-Za-z]\w*%)/;
/** Nobody sees these, or sees a blank: what is no space, tab or end of a line. */
const INVISIBLE = /(?![ \t\n])[\p{Z}\p{Cc}\p{Cf}]/gu;
/** It stands in the text for bytes that are no UTF-8. */
const UNDECODED = '\uFFFD';

interface Statement {
  /** What is wrong with it, without its value; undefined when nothing is. */
  readonly problem: string | undefined;
  readonly lines: number;
  /** The variable that it sets. */
  readonly name?: string;
}

/** Says of each statement of a .env file that is not read as it was meant how to write it. */
export function differences(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const said: string[] = [];
  const setIn = new Map<string, number>();
  for (let at = 0; at < lines.length;) {
    const { problem, lines: count, name } = readStatement(lines, at);
    if (problem) said.push(`.env line ${at + 1}: ${problem}`);
    const first = name && setIn.get(name);
    if (first)
      said.push(`.env line ${at + 1}: ${name} is set in line ${first} too; this value counts`);
    if (name) setIn.set(name, at + 1);
    at += count;
  }
  return said;
}

function readStatement(lines: readonly string[], at: number): Statement {
  const line = trim(lines[at] ?? '');
  if (line.trim() === '' || line.startsWith('#')) return { problem: undefined, lines: 1 };
  const [, name, value = ''] = ASSIGNMENT.exec(line) ?? [];
  if (name === undefined) return { problem: noAssignment(line), lines: 1 };
  const quote = /^['"`]/.exec(value)?.[0];
  if (!quote || value.includes(quote, 1))
    return { problem: differenceIn(name, value), lines: 1, name };
  const rest = lines.slice(at + 1);
  const last = rest.findIndex((each) => each.includes(quote));
  const opens = `the ${quote} that opens the value of ${name}`;
  if (last === -1) return { problem: `${opens} is never closed; close it`, lines: 1, name };
  const more = rest.slice(0, last + 1);
  const problem = more.some((each) => NEXT_VARIABLE.test(each))
    ? `${opens} is closed only in line ${at + last + 2}, after other variables; close it before them`
    : differenceIn(name, trim([value, ...more].join('\n')));
  return { problem, lines: more.length + 1, name };
}

function noAssignment(line: string): string {
  const [hidden] = line.split('=', 1)[0]?.match(INVISIBLE) ?? [];
  const [, name] = ASSIGNMENT.exec(trim(line.replace(INVISIBLE, ' '))) ?? [];
  if (hidden && name) {
    return `${name} is not set, because the invisible ${codeOf(hidden)} stands before its =; delete it`;
  }
  return 'this is not NAME=value, so it is read differently here and by docker compose';
}

function differenceIn(name: string, value: string): string | undefined {
  const content = /^['"`]/.test(value) ? value : value.replace(/#.*$/s, '');
  if (content.includes(UNDECODED)) {
    return `the value of ${name} has bytes that are no UTF-8, as in a file of Windows-1252; save it as UTF-8`;
  }
  const [hidden] = content.match(INVISIBLE) ?? [];
  if (hidden) return `the value of ${name} has the invisible ${codeOf(hidden)} in it; delete it`;
  const second = SECOND_VARIABLE.exec(value)?.[2];
  if (second) return `${second}= stands in the value of ${name}; write one variable a line`;
  if (OF_A_SHELL.test(content)) {
    return `the value of ${name} has $(…), \${…} or backticks, and nothing is run or put in here; write the value itself`;
  }
  const [, home] = OF_A_HOME.exec(content.trim()) ?? [];
  if (home) {
    return `the value of ${name} begins with ${home}, which no shell completes here; write the whole path`;
  }
  if (SAME.some((form) => form.test(value))) return undefined;
  return `docker compose reads this value of ${name} differently; ${adviceFor(value)}`;
}

function adviceFor(value: string): string {
  const quoted = /^(["'`])(.*)\1$/s.exec(value)?.[2];
  if (quoted === undefined && /^["'`]/.test(value)) {
    return 'its quote is closed before its end, so put the whole of it in one pair of quotes';
  }
  // SQL doubles the quote, and a shell's string is closed, escaped and opened again.
  const bare = (quoted ?? value).replaceAll(/'\\''|''/g, "'");
  if (!bare.includes("'")) return `put it in single quotes`;
  if (/["$\\]/.test(bare)) {
    return `no quotes keep a ' beside ", $ or \\ for both, so choose a value without it`;
  }
  return `put it in double quotes${bare === (quoted ?? value) ? '' : ", with ' written once"}`;
}

/** Node trims no other blanks. */
const trim = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');

function codeOf(character: string): string {
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return `character U+${code}`;
}
