/** Environment variables: those that the code reads, and those that the documents tell. */
import { read as readFile } from './docs.ts';

/** They belong to the system, and MODE to vitest's `--mode`: nobody sets them for Aura. */
const OF_THE_SYSTEM = new Set([
  'PATH',
  'HOME',
  'NODE_OPTIONS',
  'NODE_COMPILE_CACHE',
  'MALLOC_ARENA_MAX',
  'MODE',
]);

/** `env['NAME']` and `process.env.NAME`, but not where the program itself puts something there. */
const OF_ENV =
  /(?<!delete (?:process\.)?)\benv(?:\.([A-Z][A-Z0-9_]+)\b|\['([A-Z][A-Z0-9_]+)'\])(?! = )/g;
/** OpenTelemetry's own readers. */
const BY_READER = /\bget(?:Boolean|Number|String|StringList)FromEnv\('([A-Z0-9_]+)'\)/g;
/** A line of an envalid spec. */
const OF_SPEC = /^ {2}([A-Z][A-Z0-9_]+): (?=[\w.]+\()/gm;
const TAKEN_APART = /const \{([^}]+)\} = process\.env\b/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

/** Variables that a program in TypeScript reads. */
export function variablesIn(program: string): string[] {
  const code = program.replaceAll(COMMENT, '');
  const read = [OF_ENV, BY_READER, OF_SPEC].flatMap((pattern) =>
    [...code.matchAll(pattern)].map(([, one, other]) => one ?? other ?? ''),
  );
  const takenApart = [...code.matchAll(TAKEN_APART)].flatMap(([, list = '']) =>
    list.split(',').map((each) => each.split(/[:=]/, 1)[0]?.trim() ?? ''),
  );
  return [...read, ...takenApart].filter((name) => name !== '' && !OF_THE_SYSTEM.has(name));
}

/** Variables that compose.yml takes from the environment. */
export function variablesOfCompose(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Z][A-Z0-9_]+)/g)].flatMap(([, name]) => name ?? []);
}

/** The variables that compose.yml hands on to the services: those with a value of it, and those without. */
export function telemetryOfCompose(text: string): string[] {
  const [, block = ''] = /^x-telemetry: &telemetry\n((?: {2}.*\n)+)/m.exec(text) ?? [];
  return [...block.matchAll(/^ {2}([A-Z_]+):/gm)].flatMap(([, name]) => name ?? []);
}

/** The first cells of the configuration table, whatever they are. */
export function variablesOfTable(text: string): string[] {
  const [table = ''] = /^\| variable[\s\S]*?\n\n/m.exec(text) ?? [];
  const rows = table.split('\n').slice(2);
  return rows.flatMap((row) => {
    const cell = row.split('|')[1]?.trim();
    return cell === undefined ? [] : [cell.replace(/^`(.*)`$/, '$1')];
  });
}

/** A name of a metric, which is made by a function or in a helper of the file. */
const METRIC =
  /\b(?:create(?:Histogram|Counter|UpDownCounter|Observable\w+)|amounts|times)\(\s*'([a-z_.]+)'/g;
/** Metrics that a file of a service makes. */
export function metricsIn(code: string): string[] {
  return [...code.replaceAll(COMMENT, '').matchAll(METRIC)].flatMap(([, name]) => name ?? []);
}

/** The metrics of the table that are ours to make, by their names in OpenTelemetry. */
export function metricsOfTable(text: string): string[] {
  const [table = ''] = /^\| metric[\s\S]*?\n\n/m.exec(text) ?? [];
  const cells = table.split('\n').map((row) => row.split('|')[1] ?? '');
  const names = cells.flatMap((cell) =>
    [...cell.matchAll(/`([a-z_.]+)`/g)].map(([, n]) => n ?? ''),
  );
  return names.filter((name) => !/^(otel\.sdk|nodejs|v8js)\./.test(name));
}

/** A line of the log: the event stands last, after the fields where there are some. */
const LOGGED = /[lL]og\w*\.(?:debug|info|warn|error|fatal)\(\s*(?:[^;]*?,\s*)?'([a-z_]+)',?\s*\)/g;
/** In a file of events a word of several parts is an event, wherever it stands, but for one outcome. */
const WORD = /'((?!ui_required')[a-z]+(?:_[a-z]+)+)'/g;

/** Events that a file of a service logs. */
export function eventsIn(path: string, code: string): string[] {
  const pattern = path.endsWith('/events.ts') ? WORD : LOGGED;
  return [...code.replaceAll(COMMENT, '').matchAll(pattern)].flatMap(([, name]) => name ?? []);
}

/** The events of the table in the operations page. */
export function eventsOfTable(text: string): string[] {
  const [table = ''] = /^\| `event`[\s\S]*?\n\n/m.exec(text) ?? [];
  const cells = table.split('\n').map((row) => row.split('|')[1] ?? '');
  return cells.flatMap((cell) =>
    [...cell.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].flatMap(([, name]) => name ?? []),
  );
}

/** Each name once, in order. */
export function unique(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}

export function variablesOfFiles(paths: readonly string[]): string[] {
  return unique(paths.flatMap((path) => variablesIn(readFile(path))));
}
