/** Says what came of a run, in tables. */
import type { Checked } from './check.ts';
import { EXCEPTIONS } from './exceptions.ts';
import type { RegistryFacts } from './registry.ts';
import type { Run } from './run.ts';
import type { Verdict } from './score.ts';
import { categoryOf, NOT_JUDGED, scoreOf } from './score.ts';

const say = (line = ''): void => console.log(line);

/** @returns whether all conforms */
export function report(
  { spans, metrics, logs, answers }: Run,
  { findings, excepted, unused, names }: Checked,
  verdicts: readonly Verdict[],
  { version, commit }: RegistryFacts,
): boolean {
  const requests = [...answers.values()].reduce((sum, each) => sum + each, 0);
  say(`${requests} requests; ${spans.length} spans, ${logs.length} log records`);
  for (const [answer, count] of [...answers].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    say(`  ${String(count).padStart(3)} ${answer}`);
  const counted = Object.entries(names).map(([kind, each]) => `${each.size} ${kind}`);
  say(`\nOpenTelemetry's conventions ${version} (${commit.slice(0, 7)}) and our registry`);
  say(
    `names checked: ${counted.join(', ')}; points of metrics: ${metrics.flatMap(({ points }) => points).length}`,
  );
  for (const { what, times, example } of findings)
    say(`  WRONG ${what} (${times} times): ${example}`);
  for (const { what, times } of excepted)
    say(`  excepted ${what} (${times} times): ${EXCEPTIONS[what]}`);
  for (const what of unused) say(`  WRONG the exception "${what}" does not occur any more`);

  say('\nInstrumentation Score');
  for (const { rule, breaches } of verdicts) {
    const verdict = breaches.length === 0 ? 'passed' : `FAILED ${breaches.slice(0, 5).join('; ')}`;
    say(`  ${rule.id} ${rule.impact.padEnd(9)} ${rule.says}: ${verdict}`);
  }
  for (const [id, why] of Object.entries(NOT_JUDGED)) say(`  ${id} not judged: ${why}`);
  const score = scoreOf(verdicts);
  const passed = verdicts.filter(({ breaches }) => breaches.length === 0).length;
  say(`score ${score.toFixed(1)} (${categoryOf(score)}), ${passed} of ${verdicts.length} rules`);
  return findings.length + unused.length === 0 && passed === verdicts.length;
}
