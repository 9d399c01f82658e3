/** The names of a .env file, held against those of .env.example, which has every variable of Aura. */
import { unusedVariables } from '../../core-service/src/telemetry-unused.ts';

/** Programs below us and beside us read these: Node, npm, Compose, the libraries and the system. */
const OF_OTHERS =
  /^(?:(?:NODE|NPM|PNPM|COMPOSE|DOCKER|BUILDKIT|LANGCHAIN|LANGSMITH|SSL|LC)_\w+|GRPC_(?:TRACE|SSL_CIPHER_SUITES|DEFAULT_SSL_ROOTS_FILE_PATH)|(?:HTTPS?|GRPC|ALL|NO)_PROXY|NO_GRPC_PROXY|PG[A-Z]+|PATH|HOME|TZ|LANG|CI|DEBUG|(?:NO|FORCE)_COLOR|UV_THREADPOOL_SIZE)$/i;
/** A name is taken for another one when at least this share of their pairs of letters is the same. */
const MIN_LIKENESS = 0.5;

/** Variables of an .env file; those that are no default stand behind a `#`. */
export function variablesOfEnvFile(text: string): string[] {
  return [...text.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].flatMap(([, name]) => name ?? []);
}

/**
 * @param known the names of .env.example
 * @returns a sentence for each name that nothing reads
 */
export function unknownNames(names: readonly string[], known: readonly string[]): string[] {
  return names
    .filter((name) => !known.includes(name) && !isOfOthers(name))
    .map((name) => {
      const [best = '', share = 0] = bestOf(known, name);
      const seen = `.env sets ${name}, which nothing reads`;
      return share < MIN_LIKENESS
        ? `${seen}; .env.example has all variables`
        : `${seen}; is ${best} meant?`;
    });
}

function bestOf(known: readonly string[], name: string): readonly [string, number] | [] {
  const all = known.map((each) => [each, likeness(each, name)] as const);
  return all.toSorted(([, a], [, b]) => b - a)[0] ?? [];
}

function isOfOthers(name: string): boolean {
  const isTelemetry = name.startsWith('OTEL_') && unusedVariables({ [name]: 'x' }).length === 0;
  return isTelemetry || OF_OTHERS.test(name);
}

/** The Sørensen–Dice coefficient of the names' pairs of letters, 0 to 1. */
function likeness(one: string, other: string): number {
  const [a, b] = [pairsOf(one), pairsOf(other)];
  const both = [...a].filter((pair) => b.has(pair)).length;
  return (2 * both) / (a.size + b.size || 1);
}

function pairsOf(name: string): Set<string> {
  const letters = name.toUpperCase();
  return new Set(Array.from(letters.slice(1), (letter, i) => `${letters[i]}${letter}`));
}
