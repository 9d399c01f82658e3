/** What Node is given for a service, which its package's script `start` says and nobody else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export type ServiceFolder = 'api-gateway' | 'core-service';

/**
 * @param options.preload takes the place of the one that starts the telemetry
 * @param options.root the checkout whose service it is, this one without it
 */
export function serviceArgs(
  folder: ServiceFolder,
  { preload, root = ROOT }: { readonly preload?: string | undefined; readonly root?: string } = {},
): string[] {
  const text = readFileSync(join(root, folder, 'package.json'), 'utf8');
  const { scripts } = JSON.parse(text) as { readonly scripts: { readonly start: string } };
  const args = scripts.start.split(' ').slice(1);
  if (preload !== undefined) args[args.indexOf('--import') + 1] = preload;
  return args;
}

/** Returns those of the arguments that set Node's own heap and collector, for a program of another kind. */
export function heapFlags(folder: ServiceFolder): string[] {
  const args = serviceArgs(folder);
  return args.slice(0, args.indexOf('--import'));
}
