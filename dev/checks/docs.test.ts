/** README.md, docs/ and .env.example say what is true of the code, and the code of them. */
import { describe, expect, test } from 'vitest';
import { COLUMN_NAMES, COLUMNS } from '../../core-service/src/inventory/columns.ts';
import { CHECKED_VARIABLES } from '../../core-service/src/telemetry-variables.ts';
import { READ_BY_LIBRARIES } from '../../core-service/src/telemetry-unused.ts';
import { readRegistry } from '../../proto/telemetry-registry.ts';
import { unknownCommands } from './docs-commands.ts';
import {
  eventsIn,
  eventsOfTable,
  metricsIn,
  metricsOfTable,
  telemetryOfCompose,
  unique,
  variablesIn,
  variablesOfCompose,
  variablesOfFiles,
  variablesOfTable,
} from './docs-variables.ts';
import { variablesOfEnvFile } from '../local-stack/env-names.ts';
import { brokenLinks, DOCUMENTS, FILES, namesIn, read, unknownNames } from './docs.ts';

const PROGRAMS = FILES.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
const VARIABLES = unique([
  ...variablesOfFiles(PROGRAMS),
  ...variablesOfCompose(read('compose.yml')),
]);
/** Every name in capitals outside the documents. */
const NAMES = new Set(
  FILES.filter((path) => /\.(ts|proto|yml|json|py|sql)$|^\.env\.example$/.test(path))
    .filter((path) => path !== 'dev/checks/docs.test.ts')
    .flatMap((path) => namesIn(read(path))),
);

describe('variables', () => {
  test('the code reads those that it is known to read', () => {
    expect(VARIABLES).toEqual(
      expect.arrayContaining([
        'HTTP_PORT',
        'SESSION_RETENTION_DAYS',
        'PRICING_SECRET_FILE',
        'OTEL_BSP_SCHEDULE_DELAY',
        'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT',
        'JAEGER_UI_PORT',
        'TRACE_QUERY_PORT',
        'TEST_DATABASE_URL',
      ]),
    );
  });

  test('a variable that is only written is not one that is read', () => {
    expect(variablesIn("env['WRITTEN'] = 'x'; delete env['GONE']")).toEqual([]);
    expect(variablesIn("env['READ'] ??= 'x'; if (env['SAME'] === 'x') f(env.DOT)")).toEqual([
      'READ',
      'SAME',
      'DOT',
    ]);
  });

  test('.env.example has them all, and nothing else', () => {
    expect(unique(variablesOfEnvFile(read('.env.example')))).toEqual(VARIABLES);
  });

  test('the configuration table has them all, and nothing else', () => {
    expect(variablesOfTable(read('docs/configuration.md')).toSorted()).toEqual(VARIABLES);
  });
});

test('compose.yml hands on each variable of OpenTelemetry that the services read', () => {
  // The images listen where Prometheus finds them, and each service has a name of its own.
  const ofImages = ['OTEL_EXPORTER_PROMETHEUS_HOST', 'OTEL_EXPORTER_PROMETHEUS_PORT'];
  const names = [...CHECKED_VARIABLES, ...READ_BY_LIBRARIES];
  const wanted = names.filter((name) => ![...ofImages, 'OTEL_SERVICE_NAME'].includes(name));
  expect(telemetryOfCompose(read('compose.yml')).toSorted()).toEqual(wanted.toSorted());
});

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document);

  test('links lead somewhere', () => {
    expect(brokenLinks(document, text)).toEqual([]);
  });

  test('commands name what there is', () => {
    expect(unknownCommands(text)).toEqual([]);
  });

  test('names in capitals are those of the code', () => {
    expect(unknownNames(text, NAMES)).toEqual([]);
  });
});

test('the table of metrics has those that the services make, and nothing else', () => {
  const services = PROGRAMS.filter((path) => /^(api-gateway|core-service)\/src\//.test(path));
  const made = unique(services.flatMap((path) => metricsIn(read(path))));
  expect(made).toContain('aura.negotiation.deal.amount');
  expect(unique(metricsOfTable(read('docs/telemetry.md')))).toEqual(made);
});

test('the table of log events and the registry have those that the services log, and nothing else', () => {
  const services = PROGRAMS.filter((path) => /^(api-gateway|core-service)\/src\//.test(path));
  const logged = unique(services.flatMap((path) => eventsIn(path, read(path))));
  expect(logged).toContain('negotiation_accepted');
  expect(unique(eventsOfTable(read('docs/operations.md')))).toEqual(logged);
  expect(unique(readRegistry().events.map(({ name }) => name))).toEqual(logged);
});

describe('what is wrong is seen', () => {
  test.each([
    ['| `SESSION_RE1.000, 3.5 / 3.9ION_DAYS` | `30` |', ['SESSION_RE1']],
    ['`OTEL_INSTRUMENTATION_GENAI_CON1.000, 3.5 / 3.9=true`', ['OTEL_INSTRUMENTATION_GENAI_CON1']],
    ['`MODEL_TOKENS_PER_…`', ['MODEL_TOKENS_PER_']],
    ['`SESSION_RETENTION_DAYS=30`, `MODEL_CONCURRENCY`.', []],
  ])('a name that was cut in two: %s', (text, unknown) => {
    expect(unknownNames(text, NAMES)).toEqual(unknown);
  });

  test.each([
    ['[a](nowhere.md)', ['nowhere.md']],
    ['[a](../core-service/src/nothing.ts)', ['../core-service/src/nothing.ts']],
    ['[a](glossary.md#nowhere)', ['glossary.md#nowhere']],
    ['[a](#nowhere) and [b](#there)\n\n## There\n', ['#nowhere']],
    ['[a](../../elsewhere.md)', ['../../elsewhere.md']],
    ['[a](glossary.md#glossary), [b](https://example.com/x), `[c](code.md)`', []],
  ])('a link: %s', (text, broken) => {
    expect(brokenLinks('docs/page.md', text)).toEqual(broken);
  });

  test.each([
    'npx -y pnpm@12 begin',
    'pnpm run begin',
    'node dev/nothing.ts',
    'npx -y pnpm@12 inventory invent items.csv',
    'docker compose exec core-service node src/nothing.ts',
    'docker compose logs core',
    'docker compose run --rm test',
    'docker compose up --wait --scale core=3',
  ])('a command: %s', (line) => {
    expect(unknownCommands(`\`\`\`sh\n${line}   # words\n\`\`\`\n`)).toEqual([line]);
    expect(unknownCommands(`It is \`${line}\`.`)).toEqual([line]);
  });
});

test("the table of an item's columns says what the code says of them", () => {
  const rows = read('docs/inventory.md').matchAll(/^\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm);
  const told = [...rows].map(([, ...cells]) => cells);
  const known = COLUMN_NAMES.map((name) => {
    const { otherwise = 'required', meaning } = COLUMNS[name];
    return [name, otherwise, meaning];
  });
  expect(told).toEqual(known);
});
