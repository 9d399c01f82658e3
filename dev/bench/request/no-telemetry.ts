/**
 * A service preloads this in place of its telemetry.ts: nothing is patched, no span is made. Neither
 * OTEL_SDK_DISABLED (instrumentations patch when they are constructed) nor leaving the preload out
 * (main.ts imports telemetry.ts for its shutdown and its failures) switches everything off.
 */
import { registerHooks } from 'node:module';
import '../../../core-service/src/module-formats.ts';

const STUB = `data:text/javascript,${encodeURIComponent(`
  export const exportWatches = [];
  export const statusOfTelemetry = () => ({ sampler: '', sampledShare: 0, signals: [] });
  export const shutdownTelemetry = async () => {};
  export const identity = {};
  export const scrapeAddress = undefined;
  export const sendLine = undefined;
`)}`;

// The MCP room and the registry have a telemetry.ts too, which are no preloads.
const PRELOAD = /\/src\/telemetry(\/preload)?\.ts$/;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('.') && PRELOAD.test(new URL(specifier, context.parentURL).pathname)
      ? { url: STUB, shortCircuit: true }
      : next(specifier, context),
});
