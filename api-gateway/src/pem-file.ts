/** Files with certificates and keys, which a library would pass over without a word. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * @param wanted what the file must hold
 * @returns what is wrong with the file, or undefined; its content is never repeated
 */
export function pemProblem(
  path: string,
  wanted: 'CERTIFICATE' | 'PRIVATE KEY',
): string | undefined {
  const whole = resolve(path.trim());
  try {
    const begins = new RegExp(`^-----BEGIN (?:[A-Z0-9]+ )*${wanted}-----`, 'm');
    if (begins.test(readFileSync(whole, 'utf8'))) return undefined;
    return `must name a file in PEM with a ${wanted.toLowerCase()}, not ${whole}`;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return `must name a file in PEM, and ${whole} cannot be read: ${code}`;
  }
}
