import { existsSync, readFileSync } from 'node:fs';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const { version: released } = JSON.parse(read('package.json')) as { readonly version: string };

/** An image has the revision that it was built from in this file; a checkout has no such file. */
const revision = existsSync(new URL('../REVISION', import.meta.url))
  ? read('REVISION').replace(/[^0-9A-Za-z.-]/g, '')
  : '';

/** The version of the service, as its package has it; in images with the revision, as in `1.2.3+a1b2c3d`. */
export const version = revision === '' ? released : `${released}+${revision}`;
