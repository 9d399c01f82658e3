/** The .env file, which `docker compose` reads too, by rules that are not all the same. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { differences } from './env-lines.ts';
import { unknownNames, variablesOfEnvFile } from './env-names.ts';

/** Nothing of the file was read; the message says why in one line. */
export class EnvFileError extends Error {}

/**
 * Adds the variables of the file, if there is one, to those that are not set, and says on stderr what
 * of it is read otherwise than it was meant.
 *
 * @returns false when nothing of it could be read: whoever wrote it did not want to go on without
 */
export function useEnvFile(path: string, env: NodeJS.ProcessEnv): boolean {
  try {
    for (const difference of loadEnvFile(path, env)) console.error(difference);
    return true;
  } catch (error) {
    if (!(error instanceof EnvFileError)) throw error;
    console.error(error.message);
    return false;
  }
}

/**
 * @returns a sentence for each line that Compose would read otherwise, without its value, and for
 * each variable that the example beside the file does not have
 * @throws EnvFileError
 */
export function loadEnvFile(path: string, env: NodeJS.ProcessEnv): string[] {
  if (!existsSync(path)) return [];
  const text = decode(readBytes(path));
  const variables = parseEnv(text);
  for (const [name, value] of Object.entries(variables)) env[name] ??= value;
  const example = `${path}.example`;
  const known = existsSync(example) ? variablesOfEnvFile(readFileSync(example, 'utf8')) : undefined;
  return [...differences(text), ...(known ? unknownNames(Object.keys(variables), known) : [])];
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new EnvFileError(`.env cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function decode(bytes: Buffer): string {
  const isMarked = /^(fffe|feff)/.test(bytes.toString('hex', 0, 2));
  if (isMarked || bytes.includes(0)) {
    const kind = isMarked ? 'is in UTF-16' : 'has NUL bytes, as a file in UTF-16 has';
    throw new EnvFileError(
      `.env ${kind}, which PowerShell's > writes; save it as UTF-8 (nothing of it was read)`,
    );
  }
  // Some editors put a byte order mark first, which would become a part of the first name.
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}
