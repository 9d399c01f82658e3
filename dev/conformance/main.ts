/**
 * Holds the telemetry of a mixed load through a real stack against OpenTelemetry's registry of semantic
 * conventions, our own, and the rules of the Instrumentation Score. It fails on what does not conform and is no
 * told exception, and on an exception that does not occur.
 */
import { Command, Option } from 'commander';
import { readRegistry } from '../../proto/telemetry-registry.ts';
import { checkAll } from './check.ts';
import { readConventions } from './registry.ts';
import { report } from './report.ts';
import { runLoad } from './run.ts';
import { judge } from './score.ts';

const { instrumentation } = new Command('npx -y pnpm@12 conformance')
  .description(
    "holds a load's telemetry against OpenTelemetry's registry and the Instrumentation Score",
  )
  .addOption(
    new Option('--instrumentation <maker>', 'who makes the spans')
      .choices(['light', 'stock'])
      .default('light'),
  )
  .parse()
  .opts<{ readonly instrumentation: string }>();

const conventions = readConventions();
const run = await runLoad(instrumentation);
const checked = checkAll({ conventions, ours: readRegistry() }, run);
if (!report(run, checked, judge(run, conventions), conventions)) process.exitCode = 1;
