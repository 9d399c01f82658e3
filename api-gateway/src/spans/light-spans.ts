/**
 * Tells whether the spans of requests, of their handlers and of the calls to core are made by our own
 * code, which costs a fraction of what the instrumentations cost. The preload turns it on, before
 * anything asks; without the preload there are no spans, and with TRACE_INSTRUMENTATION=stock the
 * instrumentations make them.
 */
let isOn = false;

export function turnOnLightSpans(): void {
  isOn = true;
}

export function areLightSpansOn(): boolean {
  return isOn;
}
