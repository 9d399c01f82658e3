/** The .env file, which `docker compose` reads too, by rules that are not all the same. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/;
/** Node and Compose take these values for the same; a comment may follow after a space. */
const SAME = [
  // Without quotes a $ would begin a variable of Compose, and Node ends the value at any #.
  /^(?!['"`])[^#$\\]*( #.*)?$/,
  /^'([^'\\]|\\(?!'))*'( +#.*)?$/,
  /^"[^"$\\]*"( +#.*)?$/,
];

/**
 * Adds the variables of the file, if there is one, to those that are not set.
 * @returns a sentence for each line that Compose would read otherwise, without its value
 */
export function loadEnvFile(path: string, env: NodeJS.ProcessEnv): string[] {
  if (!existsSync(path)) return [];
  // Some editors put a byte order mark first, which would become a part of the first name.
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  for (const [name, value] of Object.entries(parseEnv(text))) env[name] ??= value;
  return differences(text);
}

/** Says of each line of a .env file that Node and Compose read differently how to write it. */
export function differences(text: string): string[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const where = `.env line ${index + 1}:`;
    const [, name, value = ''] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined) {
      return [
        `${where} this is not NAME=value, so it is read differently here and by docker compose`,
      ];
    }
    if (SAME.some((form) => form.test(value))) return [];
    return [`${where} docker compose reads this value of ${name} differently; ${adviceFor(value)}`];
  });
}

function adviceFor(value: string): string {
  const bare = value.replace(/^(["'`])(.*)\1$/, '$2');
  if (!bare.includes("'")) return `put it in single quotes`;
  return /["$\\]/.test(bare)
    ? `no quotes keep a ' beside ", $ or \\ for both, so choose a value without it`
    : `put it in double quotes`;
}
