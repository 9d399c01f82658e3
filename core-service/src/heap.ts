import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/**
 * From now on the heap may grow by half of what is alive before Node collects all of it, where it would let
 * it grow fourfold. Called when the service listens: before, the heap grows by what is loaded, and
 * collecting more often would cost the start a tenth of its CPU. Code that is compiled after a change of flags
 * is refused at the next start, so that what was compiled until now is written to NODE_COMPILE_CACHE first.
 */
export function holdHeapSmall(): void {
  flushCompileCache();
  setFlagsFromString('--heap-growing-percent=50');
}
