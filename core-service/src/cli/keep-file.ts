import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from './run.ts';

/**
 * Makes a file with a secret, unless it is there. Several processes may do so at once, and all find the same
 * one, whole.
 *
 * @param name of the variable that names the file, for the message
 * @throws UsageError when it cannot be written there
 */
export function keepFile(name: string, file: string, make: () => string): void {
  if (existsSync(file)) return;
  try {
    putDraft(file, make(), linkSync);
  } catch (error) {
    throw new UsageError(`${name} cannot be written: ${(error as Error).message}`);
  }
}

/** Replaces a file with a secret in one step. @throws the system's error */
export function replaceFile(file: string, content: string): void {
  putDraft(file, content, renameSync);
}

function putDraft(file: string, content: string, put: (draft: string, file: string) => void): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    put(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
