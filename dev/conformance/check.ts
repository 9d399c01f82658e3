/** All checks against the registries, and what is left when the told exceptions are taken away. */
import type { Registries } from './check-attributes.ts';
import { checkLogs, checkMetrics } from './check-metrics.ts';
import { checkSpans } from './check-spans.ts';
import { EXCEPTIONS } from './exceptions.ts';
import type { Finding } from './findings.ts';
import { Findings } from './findings.ts';
import type { Signals } from './signals.ts';

export interface Checked {
  /** What does not conform, and is no exception. */
  readonly findings: readonly Finding[];
  /** Exceptions that occurred. */
  readonly excepted: readonly Finding[];
  /** Exceptions that did not. */
  readonly unused: readonly string[];
  readonly names: Findings['checked'];
}

/** @param exceptions what does not conform → why it stays so */
export function checkAll(
  registries: Registries,
  { spans, metrics, logs }: Signals,
  exceptions: Readonly<Record<string, string>> = EXCEPTIONS,
): Checked {
  const found = new Findings();
  checkSpans(registries, spans, found);
  checkMetrics(registries, metrics, found);
  checkLogs(registries, logs, found);
  const all = found.all();
  return {
    findings: all.filter(({ what }) => !Object.hasOwn(exceptions, what)),
    excepted: all.filter(({ what }) => Object.hasOwn(exceptions, what)),
    unused: Object.keys(exceptions).filter((what) => all.every((each) => each.what !== what)),
    names: found.checked,
  };
}
