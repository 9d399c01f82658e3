/**
 * Imported before anything of Drizzle's is. Node reads the package.json of a module's package to learn
 * its format, and parses all of its exports each time; those of drizzle-orm are 179 kB, and it has a
 * hundred modules, which cost each start more than half a second of CPU and 140 MB. Each of these modules
 * is told to be an ES module without a look into that file.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const { parentURL = '' } = context;
    const inDrizzle = parentURL.includes('/node_modules/drizzle-orm/') && parentURL.endsWith('.js');
    if (!inDrizzle || !specifier.startsWith('.')) return nextResolve(specifier, context);
    const { href } = new URL(specifier, parentURL);
    return { url: href, format: 'module', shortCircuit: true };
  },
});
