/** Commands in the documents: what they name must be there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FILES, read, ROOT } from './docs.ts';

const SCRIPTS = Object.keys(
  (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts,
);
/** Commands of pnpm itself that the documents may use. */
const PNPM = new Set(['exec', 'why', 'install']);
const SERVICES = servicesOf(read('compose.yml'));
/** The folders in which the images run, one after the other where a container runs a program. */
const IMAGES = ['core-service', 'api-gateway', 'dev'];
/** Words that core's program has as texts of their own, its commands among them. */
const WORDS = new Set(
  FILES.filter((path) => /^core-service\/src\/cli\/.+\.ts$/.test(path)).flatMap((path) =>
    [...read(path).matchAll(/'([a-z]+)[ ']/g)].map(([, name]) => name),
  ),
);

function servicesOf(compose: string): string[] {
  const [, services = ''] = /^services:\n([\s\S]*?)^(?=\S)/m.exec(compose) ?? [];
  return [...services.matchAll(/^ {2}([a-z-]+):$/gm)].flatMap(([, name]) => name ?? []);
}

/** Commands in code, fenced or not, that name a script, a file, a service or a command not there. */
export function unknownCommands(text: string): string[] {
  const code = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm), ...text.matchAll(/`([^`\n]+)`/g)];
  return code
    .flatMap(([, lines = '']) => lines.split('\n'))
    .map((line) => line.replace(/ +# .*$/, ''))
    .filter((line) => !isGood(line));
}

function isGood(line: string): boolean {
  const inContainer = line.includes('docker compose');
  return (
    [...line.matchAll(/\bpnpm(?:@12)? (?:run )?([\w:-]+)/g)].every(([, script = '']) =>
      isScript(script),
    ) &&
    [...line.matchAll(/\bnode (?:--\S+ \S+ )*(?!--)(\S+\.ts)\b/g)].every(([, path = '']) =>
      isProgram(path, inContainer),
    ) &&
    [...line.matchAll(/\b(?:cli\.ts|pnpm@12) (?:inventory|deals|db) ([a-z]+)/g)].every(
      ([, command]) => WORDS.has(command),
    ) &&
    [...line.matchAll(/docker compose ([^|<>]+)/g)].every(([, rest = '']) => namesServices(rest))
  );
}

function isScript(name: string): boolean {
  return SCRIPTS.includes(name) || PNPM.has(name);
}

/** From the root; in a container or with a preload, from the service's folder. */
function isProgram(path: string, inContainer: boolean): boolean {
  if (existsSync(join(ROOT, path))) return true;
  const isOfService = inContainer || path.startsWith('src/');
  return isOfService && IMAGES.some((folder) => existsSync(join(ROOT, folder, path)));
}

function namesServices(rest: string): boolean {
  const [command = '', ...words] = rest
    .trim()
    .replace(/^--profile [a-z]+ /, '')
    .split(/\s+/);
  const scaled = words.flatMap((word) => /^([a-z-]+)=\d+$/.exec(word)?.[1] ?? []);
  const named = words.filter((word) => !word.startsWith('-') && !word.includes('='));
  const services = ['exec', 'run'].includes(command) ? named.slice(0, 1) : named;
  return [...scaled, ...services].every((name) => SERVICES.includes(name));
}
