/**
 * A service preloads this in place of its telemetry.ts: nothing is patched, no span is made. Neither
 * OTEL_SDK_DISABLED (instrumentations patch when they are constructed) nor leaving the preload out
 * (main.ts imports telemetry.ts for its shutdown) switches everything off.
 */
import { registerHooks } from 'node:module';

const STUB = 'data:text/javascript,export const shutdownTelemetry = async () => {};';

registerHooks({
  resolve: (specifier, context, next) =>
    /\/telemetry(\/preload)?\.ts$/.test(specifier)
      ? { url: STUB, shortCircuit: true }
      : next(specifier, context),
});
