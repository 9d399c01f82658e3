/** The values of TRACE_INSTRUMENTATION; whoever makes the spans, the contract is the same. */
export const INSTRUMENTATIONS = ['light', 'stock'] as const;
