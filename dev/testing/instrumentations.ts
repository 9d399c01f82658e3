const BOTH = ['light', 'stock'] as const;

/**
 * The values of TRACE_INSTRUMENTATION that are tried: the default alone, and both in `test:deep`, because each
 * takes whole stacks of its own. Whoever makes the spans, the contract is the same.
 */
export const INSTRUMENTATIONS = process.env['MODE'] === 'deep' ? BOTH : (['light'] as const);
