/** What must be true of the documents: which files there are, and what is wrong in a text. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Every file that we write; what was installed or is kept while something runs is none. */
export const FILES: readonly string[] = globSync(
  ['*.*', '.env.example', '{api-gateway,core-service,dev,docs,proto}/**/*.*'],
  { cwd: ROOT, exclude: ['**/node_modules'] },
);

export const DOCUMENTS = FILES.filter((path) => /^(docs\/.+|README|dev\/README)\.md$/.test(path));

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Relative links of a document that lead nowhere: to no file, or to no heading in it. */
export function brokenLinks(document: string, text: string): string[] {
  const prose = withoutCode(text);
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? document : relative(ROOT, join(ROOT, dirname(document), path));
    const isHere = target === document;
    if (target.startsWith('..') || !(isHere || existsSync(join(ROOT, target)))) return [link];
    if (anchor === undefined) return [];
    return anchorsOf(isHere ? text : read(target)).includes(anchor) ? [] : [link];
  });
}

/** As GitHub makes them: a heading that comes twice gets a number. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  const headings = withoutFences(text).matchAll(/^#{1,6} +(.+?) *$/gm);
  return [...headings].map(([, heading = '']) => {
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

/** A word that begins in capitals and has an underscore, such as a variable or a reason code. */
const NAME = /(?<![\w*])[A-Z][A-Z0-9]*_\w*/g;

export function namesIn(text: string): string[] {
  return [...text.matchAll(NAME)].map(([name]) => name);
}

/** Names in capitals that only the documents have: misspelt, outdated, glued or cut in two. */
export function unknownNames(text: string, known: ReadonlySet<string>): string[] {
  return namesIn(text).filter((name) => name.endsWith('_') || !known.has(name));
}

function withoutFences(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '');
}

function withoutCode(text: string): string {
  return withoutFences(text).replaceAll(/`[^`\n]*`/g, '');
}
