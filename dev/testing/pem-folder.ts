import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of files in PEM that is gone at the end. */
export interface PemFolder {
  /** Writes a file, or replaces it in one step. @returns its path */
  write(name: string, text: string): string;
  remove(): void;
}

export function makePemFolder(): PemFolder {
  const folder = mkdtempSync(join(tmpdir(), 'aura-pem-'));
  return {
    write: (name, text) => {
      const path = join(folder, name);
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
