/** Files with certificates and keys, which a library would pass over without a word. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * @param wanted what the file must hold
 * @returns the text of the file
 * @throws Error that says what is wrong with the file, and repeats nothing of its content
 */
export function readPem(path: string, wanted: 'CERTIFICATE' | 'PRIVATE KEY'): string {
  const whole = resolve(path.trim());
  const text = readText(whole);
  const begins = new RegExp(`^-----BEGIN (?:[A-Z0-9]+ )*${wanted}-----`, 'm');
  if (begins.test(text)) return text;
  throw new Error(`must name a file in PEM with a ${wanted.toLowerCase()}, not ${whole}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(`must name a file in PEM, and ${path} cannot be read: ${code}`, {
      cause: error,
    });
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
