/** Ports in variables. The image of the offline model has this file and nothing of core. */

const MAX_PORT = 65_535;

/**
 * Reads the port that a variable names, in plain digits: `1.000` and `0x50` are none.
 *
 * @param text the variable's value; an empty one counts as absent
 * @throws Error that names the variable
 */
export function readPort(name: string, text: string | undefined, absent: number): number {
  if (!text) return absent;
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : MAX_PORT + 1;
  if (port <= MAX_PORT) return port;
  const wanted = `a whole number from 0 to ${MAX_PORT} in digits alone`;
  throw new Error(`${name} must be ${wanted}, not ${JSON.stringify(text)}`);
}
