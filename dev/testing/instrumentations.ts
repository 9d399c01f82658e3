/** The values of TRACE_INSTRUMENTATION; whoever makes the spans, the contract is the same. */
export const INSTRUMENTATIONS = ['light', 'stock'] as const;

/**
 * Those whose logs and metrics are looked at: the default alone, and both in `test:deep`, because each
 * takes whole stacks of its own.
 */
export const LOOKED_AT = process.env['MODE'] === 'deep' ? INSTRUMENTATIONS : (['light'] as const);
