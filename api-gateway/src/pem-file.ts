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

/**
 * The exporter would pass over a certificate without its key, or a key alone, and show the collector nothing.
 *
 * @param present the variables that are set
 * @returns what is wrong
 */
export function halfPairs(present: NodeJS.ProcessEnv): string[] {
  const [certificate, key] = (['CERTIFICATE', 'KEY'] as const).map((part) =>
    ['TRACES_CLIENT', 'CLIENT']
      .map((owner) => `OTEL_EXPORTER_OTLP_${owner}_${part}`)
      .find((name) => present[name]),
  );
  if ((certificate === undefined) === (key === undefined)) return [];
  const given = certificate ?? key ?? '';
  const missing = certificate === undefined ? 'CERTIFICATE' : 'KEY';
  const other = given.replace(/[A-Z]+$/, missing);
  return [`${given} counts only together with ${other}, which is not set`];
}
