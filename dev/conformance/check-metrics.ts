/** Holds metrics and log events against our registry and that of OpenTelemetry. */
import type { Registries } from './check-attributes.ts';
import { checkAttributes } from './check-attributes.ts';
import type { Findings } from './findings.ts';
import type { LogSeen, MetricSeen } from './signals.ts';

interface Wanted {
  readonly instrument: string;
  readonly unit: string;
  readonly required: readonly string[];
  readonly deprecated?: string | undefined;
}

export function checkMetrics(
  registries: Registries,
  metrics: readonly MetricSeen[],
  findings: Findings,
): void {
  for (const metric of metrics) {
    const { name, service, instrument, unit, points } = metric;
    findings.checked.metrics.add(name);
    checkAttributes(registries, metric.resource, `resource of ${service}`, findings);
    for (const { attributes } of points) {
      checkAttributes(registries, attributes, `metric ${name} of ${service}`, findings);
    }
    const wanted = wantedOf(registries, name);
    if (wanted === undefined) {
      findings.add(`unknown metric ${name}`, service);
      continue;
    }
    if (wanted.deprecated !== undefined)
      findings.add(`deprecated metric ${name}`, wanted.deprecated);
    if (wanted.unit !== unit)
      findings.add(`metric ${name} in ${unit || '""'}, not ${wanted.unit}`, service);
    if (wanted.instrument !== instrument) {
      findings.add(`metric ${name} is ${instrument}, not ${wanted.instrument}`, service);
    }
    for (const required of wanted.required) {
      if (points.some(({ attributes }) => !(required in attributes))) {
        findings.add(`metric ${name} without ${required}`, service);
      }
    }
  }
}

function wantedOf({ conventions, ours }: Registries, name: string): Wanted | undefined {
  if (!name.startsWith('aura.')) return conventions.metrics[name];
  const found = ours.metrics.find((each) => each.metric_name === name);
  if (found === undefined) return undefined;
  const required = (found.attributes ?? []).filter((each) => each.requirement_level === 'required');
  return { ...found, required: required.map(({ ref }) => ref) };
}

/** The events of log lines are all ours. */
export function checkLogs(
  { ours }: Registries,
  logs: readonly LogSeen[],
  findings: Findings,
): void {
  for (const { eventName, service } of logs) {
    findings.checked.events.add(eventName);
    if (!ours.events.some(({ name }) => name === eventName)) {
      findings.add(`unknown log event ${eventName}`, service);
    }
  }
}
