/** The URLs that a person gives the telemetry test, and whether the right program answers there. */

/** Milliseconds within which a program of this machine or of this network answers. */
const PATIENCE_MS = 5_000;

/** A variable with a URL, what answers there, and how to know it. */
export interface Place {
  readonly variable: string;
  readonly url: string;
  readonly what: string;
  /** A path of it, and whether what it answers with, parsed, is its own. */
  readonly path: string;
  readonly isOwn: (answer: object) => boolean;
}

/** The URL without slashes at its end, by which the paths go on. @throws Error in words when it is none */
export function readUrl(variable: string, text: string, example: string): string {
  const url = URL.parse(text.trim());
  const isHttp = /^\s*https?:\/\//i.test(text) && url !== null;
  if (isHttp && url.search === '' && url.hash === '') return url.href.replace(/\/+$/, '');
  const seen = text.includes('@') ? '' : `, not "${text}"`;
  throw new Error(`${variable} must be a URL such as ${example}${seen}`);
}

/** @returns why the wrong program answers there, or none; undefined when all is well */
export async function problemAt(place: Place): Promise<string | undefined> {
  const { variable, url, what, path, isOwn } = place;
  const where = `${variable}, ${url},`;
  try {
    const response = await fetch(url + path, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const answer = await response.text();
    if (response.ok && isOwn(Object(parse(answer)) as object)) return undefined;
    const seen = response.ok ? 'something else' : `status ${response.status}`;
    return `${where} is not where ${what} answers: GET ${path} brought ${seen}; is the port right, and the path?`;
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error && cause.message !== '' ? cause.message : message;
    return `${where} is not where ${what} answers: ${why}`;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
