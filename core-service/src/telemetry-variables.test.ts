import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { metricsHost, telemetryProblems } from './telemetry-variables.ts';
import { unusedVariables } from './telemetry-unused.ts';
import { otlpEndpoint } from './otlp-endpoint.ts';

test.each([
  ['OTEL_TRACES_SAMPLER', 'parentbased_traceidratio'],
  ['OTEL_TRACES_SAMPLER', 'always_off'],
  ['OTEL_TRACES_SAMPLER', ''],
  ['TELEMETRY_AGENT_ID', 'plain'],
  ['TELEMETRY_AGENT_ID', 'none'],
  ['TELEMETRY_AGENT_ID_KEY', 'Zq8Wm3Xt7Lp2+/=='],
  ['OTEL_TRACES_SAMPLER_ARG', '0'],
  ['OTEL_TRACES_SAMPLER_ARG', '1'],
  ['OTEL_TRACES_SAMPLER_ARG', '1e-3'],
  ['OTEL_TRACES_SAMPLER_ARG', ' '],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4317'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://collector.example'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'HTTP://[::1]:4317/'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'unix:///run/otel.sock'],
  ['OTEL_PROPAGATORS', ''],
  ['OTEL_NODE_RESOURCE_DETECTORS', 'host, process'],
  ['OTEL_PROPAGATORS', 'tracecontext,baggage'],
  ['OTEL_PROPAGATORS', ' b3 , baggage, tracecontext,b3multi'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20abc, X-Key=YWJj=='],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization = Bearer abc,'],
  ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'api_key.v2=a%2Cb%3Bc'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'team=a, deployment.environment.name=prod,'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'team=blue team,city=Zürich'],
  [
    'OTEL_RESOURCE_ATTRIBUTES',
    'app.kubernetes.io/name=a:1/b@c,city=Z%C3%BCrich%20%3D,empty=,a%2Cb=c',
  ],
  ['OTEL_LOGS_EXPORTER', ''],
  ['OTEL_LOGS_EXPORTER', 'none'],
  ['OTEL_LOGS_EXPORTER', 'otlp'],
  ['OTEL_METRICS_EXPORTER', 'otlp'],
  ['OTEL_METRIC_EXPORT_INTERVAL', '15000'],
  ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'delta'],
  ['OTEL_CONFIG_FILE', ''],
  ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', '0'],
  ['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', '4096'],
  ['OTEL_SDK_DISABLED', 'TRUE'],
  ['OTEL_BSP_SCHEDULE_DELAY', '0'],
  ['OTEL_EXPORTER_PROMETHEUS_PORT', ' 65535 '],
  ['OTEL_EXPORTER_PROMETHEUS_HOST', '::1'],
  ['OTEL_EXPORTER_PROMETHEUS_HOST', '[::1]'],
  ['OTEL_EXPORTER_PROMETHEUS_HOST', ' metrics.internal '],
  ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '2048'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '10'],
  ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', '16'],
])('%s=%j is taken', (name, value) => {
  expect(telemetryProblems({ OTEL_TRACES_SAMPLER: 'traceidratio', [name]: value })).toEqual([]);
});

test.each([
  ['TELEMETRY_AGENT_ID', 'hash'],
  ['OTEL_TRACES_SAMPLER', 'Always_On'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
  ['OTEL_TRACES_SAMPLER', '0.1'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.01'],
  ['OTEL_TRACES_SAMPLER_ARG', '-0.1'],
  ['OTEL_TRACES_SAMPLER_ARG', '0,1'],
  ['OTEL_TRACES_SAMPLER_ARG', '10%'],
  ['OTEL_TRACES_SAMPLER_ARG', 'NaN'],
  ['OTEL_PROPAGATORS', 'tracecontext'],
  ['OTEL_PROPAGATORS', 'baggage'],
  ['OTEL_PROPAGATORS', 'b3'],
  ['OTEL_PROPAGATORS', 'none'],
  ['OTEL_NODE_RESOURCE_DETECTORS', 'hots'],
  ['OTEL_PROPAGATORS', 'none,tracecontext,baggage'],
  ['OTEL_PROPAGATORS', 'tracecontext,baggage,jaeger'],
  ['OTEL_PROPAGATORS', 'TraceContext,Baggage'],
  ['OTEL_PROPAGATORS', 'tracecontext baggage'],
  ['OTEL_TRACES_EXPORTER', 'zipkin'],
  ['OTEL_LOGS_EXPORTER', 'console'],
  ['OTEL_ATTRIBUTE_COUNT_LIMIT', '1,000'],
  ['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'abc'],
  ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', '1.000'],
  ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', '4k'],
  ['OTEL_SPAN_EVENT_COUNT_LIMIT', '-1'],
  ['OTEL_SPAN_LINK_COUNT_LIMIT', '1e3'],
  ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', '1.000'],
  ['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 'all'],
  ['OTEL_SPAN_ATTRIBUTE_PER_EVENT_COUNT_LIMIT', '1e3'],
  ['OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT', '-1'],
  ['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT', '1'],
  ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '2049'],
  ['OTEL_EXPORTER_PROMETHEUS_HOST', 'localhost:9464'],
  ['OTEL_EXPORTER_PROMETHEUS_HOST', '[::1]:9464'],
  ['OTEL_EXPORTER_PROMETHEUS_HOST', '::1]'],
  ['OTEL_EXPORTER_PROMETHEUS_HOST', 'http://localhost'],
  ['OTEL_METRICS_EXPORTER', 'console'],
  ['OTEL_METRICS_EXPORTER', 'prometheus,otlp'],
  ['OTEL_METRIC_EXPORT_INTERVAL', '60s'],
  ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'http/protobuf'],
  ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'Delta'],
  ['OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', '2049'],
  ['OTEL_CONFIG_FILE', 'otel.yaml'],
  ['OTEL_SDK_DISABLED', '1'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf'],
  ['OTEL_EXPORTER_OTLP_TRACES_COMPRESSION', 'zstd'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '0'],
  ['OTEL_EXPORTER_OTLP_TIMEOUT', '2s'],
  ['OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '1.000'],
  ['OTEL_BSP_SCHEDULE_DELAY', '-1'],
  ['OTEL_BSP_MAX_QUEUE_SIZE', '2e3'],
  ['OTEL_EXPORTER_PROMETHEUS_PORT', '0'],
  ['OTEL_EXPORTER_PROMETHEUS_PORT', '-1'],
  ['OTEL_EXPORTER_PROMETHEUS_PORT', '70000'],
  ['OTEL_EXPORTER_PROMETHEUS_PORT', '9,464'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://::1:4317'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http:/localhost:4317'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://localhost:4317'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:0'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:431700'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://a:4317,http://b:4317'],
])('%s=%s is refused in one line that names it and says what was seen', (name, value) => {
  const problems = telemetryProblems({ OTEL_TRACES_SAMPLER: 'traceidratio', [name]: value });
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must `))]);
  expect(problems[0]).toContain(`"${value}"`);
});

describe('a file of a certificate or a key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aura-pem-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const certificate = file('a.pem', 'Bag\r\n-----BEGIN CERTIFICATE-----\r\nQQ==\r\n');
  const key = file('key.pem', '-----BEGIN EC PRIVATE KEY-----\ngeheim\n');
  const names = (end: string) => [`OTEL_EXPORTER_OTLP_${end}`, `OTEL_EXPORTER_OTLP_TRACES_${end}`];

  test.each([
    ...names('CERTIFICATE').map((name) => ({ [name]: certificate })),
    ...names('CLIENT_CERTIFICATE').flatMap((name) =>
      names('CLIENT_KEY').map((other) => ({ [name]: ` ${certificate} `, [other]: key })),
    ),
    { OTEL_EXPORTER_OTLP_CERTIFICATE: '', OTEL_EXPORTER_OTLP_CLIENT_KEY: ' ' },
  ])('%s is taken', (env) => {
    expect(telemetryProblems(env)).toEqual([]);
    expect(unusedVariables(env)).toEqual([]);
  });

  test.each([
    ...names('CLIENT_CERTIFICATE').map((name) => [
      name,
      certificate,
      name.replace(/[A-Z]+$/, 'KEY'),
    ]),
    ...names('CLIENT_KEY').map((name) => [name, key, name.replace(/[A-Z]+$/, 'CERTIFICATE')]),
  ])('%s alone is refused', (name = '', value = '', other = '') => {
    const problem = `${name} counts only together with ${other}, which is not set`;
    expect(telemetryProblems({ [name]: value, [other]: '' })).toEqual([problem]);
  });

  test.each([
    ...names('CERTIFICATE').map((name) => [
      name,
      join(folder, 'none.pem'),
      'cannot be read: ENOENT',
    ]),
    ...names('CLIENT_KEY').map((name) => [name, folder, 'cannot be read: EISDIR']),
    ...names('CLIENT_CERTIFICATE').map((name) => [name, key, 'in PEM with a certificate, not ']),
    ['OTEL_EXPORTER_OTLP_CLIENT_KEY', certificate, 'in PEM with a private key, not '],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', file('a.der', '0\u0082'), 'in PEM with a certificate, not '],
  ])('%s=%s is refused: %s', (name = '', value = '', words) => {
    const problems = telemetryProblems({ [name]: value });
    expect(problems[0]).toContain(`${name} must name a file in PEM`);
    expect(problems[0]).toContain(words);
    expect(problems[0]).toContain(value);
    expect(problems.join()).not.toContain('geheim');
  });
});

test('a batch is at most as great as the queue', () => {
  const sizes = (batch: string, queue: string) =>
    telemetryProblems({
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: batch,
      OTEL_BSP_MAX_QUEUE_SIZE: queue,
    });
  expect(sizes('4096', '4096')).toEqual([]);
  expect(sizes('101', '100')).toEqual([
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE must be at most OTEL_BSP_MAX_QUEUE_SIZE, which is 100, not "101"',
  ]);
  expect(sizes('101', 'many')).toEqual([expect.stringMatching(/^OTEL_BSP_MAX_QUEUE_SIZE must /)]);
});

test.each([
  ['[::1]', '::1'],
  ['::1', '::1'],
  [' 0.0.0.0', '0.0.0.0'],
  ['', '127.0.0.1'],
])('metrics with OTEL_EXPORTER_PROMETHEUS_HOST=%j are served at %s', (written, host) => {
  expect(metricsHost({ OTEL_EXPORTER_PROMETHEUS_HOST: written })).toBe(host);
});

test.each([
  ['OTEL_EXPORTER_OTLP_HEADERS', 'X-Key=geheim, x-key=other', 'x-key'],
  ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'a=geheim,b=1,a=geheim', 'a'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'team=geheim,te%61m=b', 'team'],
])('a name that is twice in %s is told without its value', (name, value, twice) => {
  expect(telemetryProblems({ [name]: value })).toEqual([
    `${name} must name each only once; ${twice} is there twice, and only its last value would count`,
  ]);
  expect(telemetryProblems({ OTEL_RESOURCE_ATTRIBUTES: 'Team=a,team=b' })).toEqual([]);
});

describe('a variable that nothing reads', () => {
  test.each([
    ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'metrics are not sent'],
    ['OTEL_METRIC_EXPORT_INTERVAL', 'metrics are not sent'],
    ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'logs go to stdout alone'],
    ['OTEL_BLRP_SCHEDULE_DELAY', 'logs go to stdout'],
    ['OTEL_EXPERIMENTAL_CONFIG_FILE', 'by no file'],
    ['OTEL_EXPORTER_JAEGER_ENDPOINT', 'over OTLP alone'],
    ['OTEL_TRACE_SAMPLER', 'is its name right?'],
  ])('%s is told with its reason', (variable, words) => {
    expect(unusedVariables({ [variable]: 'x', PATH: '/bin', OTEL_SERVICE_NAME: 'a' })).toEqual([
      { variable, reason: expect.stringContaining(words) },
    ]);
    expect(unusedVariables({ [variable]: ' ' })).toEqual([]);
  });
});

test.each([
  ['OTEL_METRICS_EXPORTER', 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'],
  ['OTEL_METRICS_EXPORTER', 'OTEL_METRIC_EXPORT_INTERVAL'],
  ['OTEL_LOGS_EXPORTER', 'OTEL_BLRP_SCHEDULE_DELAY'],
])('with %s=otlp, %s counts', (switchedBy, variable) => {
  expect(unusedVariables({ [switchedBy]: 'otlp', [variable]: '1' })).toEqual([]);
  expect(unusedVariables({ [switchedBy]: 'none', [variable]: '1' })).toHaveLength(1);
});

describe('a list of pairs that would lose a part, or stop the service, is refused unrepeated', () => {
  test.each([
    'x-key=geheimZürich',
    'x-key=geheim%C3%BC',
    'x-key=geheim%0A',
    'x-key=geheim%zz',
    'x-key=geheim;more',
    'x-key=',
    'x key=geheim',
    'x-bin=geheim',
    'authorization: Bearer geheim',
    'authorization: Bearer geheim==',
    'api-key=geheim,=x',
    'api-key=geheim,y',
    '"api-key=geheim"',
  ])('headers %j', (value) => {
    for (const name of ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS']) {
      const problems = telemetryProblems({ [name]: value });
      expect(problems).toEqual([
        expect.stringContaining(`${name} must be a list like name=value,name=value, `),
      ]);
      expect(problems[0]).not.toMatch(/geheim|x-key|Bearer/);
    }
  });

  test.each([
    'team: geheim; env=prod',
    'team geheim, env:prod',
    'team=geheim;env=prod',
    'team=geheim=',
    'team=geheim%zz',
    'team="geheim"',
    '=geheim',
    `team=${'geheim'.repeat(43)}`,
  ])('attributes %j', (value) => {
    const problems = telemetryProblems({ OTEL_RESOURCE_ATTRIBUTES: value });
    expect(problems).toEqual([
      expect.stringContaining('OTEL_RESOURCE_ATTRIBUTES must be a list like name=value,'),
    ]);
    expect(problems[0]).not.toContain('geheim');
  });
});

test('a sampler argument without a sampler, which would sample all, is refused', () => {
  const problems = telemetryProblems({ OTEL_TRACES_SAMPLER_ARG: '0.01' });
  expect(problems).toEqual([expect.stringContaining('OTEL_TRACES_SAMPLER is traceidratio')]);
});

test.each(['always_on', 'always_off', 'parentbased_always_on', 'parentbased_always_off'])(
  'a sampler argument is refused with %s, which would ignore it, and an empty one is none',
  (sampler) => {
    const problemsOf = (OTEL_TRACES_SAMPLER_ARG: string) =>
      telemetryProblems({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG });
    expect(problemsOf('0.01')).toEqual([
      'OTEL_TRACES_SAMPLER_ARG counts only where OTEL_TRACES_SAMPLER is traceidratio or ' +
        `parentbased_traceidratio, not "${sampler}"`,
    ]);
    expect([...problemsOf(''), ...problemsOf(' ')]).toEqual([]);
  },
);

test('a bad sampler with an argument is one line', () => {
  const env = { OTEL_TRACES_SAMPLER: 'sometimes', OTEL_TRACES_SAMPLER_ARG: '0.01' };
  expect(telemetryProblems(env)).toEqual([expect.stringMatching(/^OTEL_TRACES_SAMPLER must be /)]);
});

test.each([
  "'http://localhost:4317'",
  '"http://localhost:4317"',
  '“http://localhost:4317”',
  "http://'localhost':4317",
  'http://localhost:4317"',
  "'localhost:4317'",
])('quotes in the endpoint %s are named', (value) => {
  const problems = telemetryProblems({ OTEL_EXPORTER_OTLP_ENDPOINT: value });
  expect(problems).toEqual([
    'OTEL_EXPORTER_OTLP_ENDPOINT must look like http://localhost:4317 or http://[::1]:4317 ' +
      `without the quotes, which are a part of the value, not "${value}"`,
  ]);
});

test('a password in an endpoint is not repeated', () => {
  const [problem] = telemetryProblems({ OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://me:geheim@a:4317' });
  expect(problem).toMatch(/^OTEL_EXPORTER_OTLP_ENDPOINT must look like/);
  expect(problem).not.toContain('geheim');
});

describe('where the traces go', () => {
  test.each([
    ['', 'http://localhost:4317', false, 'none'],
    ['http://jaeger:4317/', 'http://jaeger:4317', false, 'none'],
    [
      'http://jaeger:4317/v1/traces',
      'http://jaeger:4317',
      false,
      'its path /v1/traces is for OTLP over HTTP; Aura sends OTLP over gRPC: write http://jaeger:4317,',
    ],
    [
      'https://me:geheim@otlp.example/otlp/v1/metrics/?x=geheim',
      'https://otlp.example:443',
      true,
      'its path /v1/metrics/ is for OTLP over HTTP; Aura sends OTLP over gRPC: write https://otlp.example:4317,',
    ],
    [
      'localhost:4318/v1/traces',
      'https://localhost:4318',
      true,
      'its port 4318 and its path /v1/traces are for OTLP over HTTP; Aura sends OTLP over gRPC: write http://localhost:4317,',
    ],
    ['http://[::1]:4318', 'http://[::1]:4318', false, 'write http://[::1]:4317,'],
    [
      'http://jaeger:4317/geheim/v1',
      'http://jaeger:4317',
      false,
      'a path does not count over gRPC',
    ],
    ['http://jaeger:4317?x=geheim', 'http://jaeger:4317', false, 'a path does not count'],
    ['jaeger:4317/geheim', 'https://jaeger:4317', true, 'a path does not count'],
    ['unix:///run/otel.sock', 'unix:///run/otel.sock', true, 'none'],
    ['HTTP://jaeger:4317', 'http://jaeger:4317', false, 'none'],
    ['http://me:geheim@jaeger:4317', 'http://jaeger:4317', false, 'none'],
    ['http://[::1]:4317', 'http://[::1]:4317', false, 'none'],
    ['localhost:4317', 'https://localhost:4317', true, 'http://localhost:4317 is without'],
    ['me:geheim@localhost:4317', 'https://localhost:4317', true, 'http://localhost:4317 is'],
    [
      'http://localhost:4318',
      'http://localhost:4318',
      false,
      'its port 4318 is for OTLP over HTTP; Aura sends OTLP over gRPC: write http://localhost:4317,',
    ],
    // The exporter leaves out the default port of a scheme, and gRPC takes its own.
    ['http://collector:80', 'http://collector:443', false, 'without a port it is 443'],
    ['https://collector', 'https://collector:443', true, 'without a port it is 443'],
  ])('%s', (written, shown, isTls, hint) => {
    const endpoint = otlpEndpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: written }, 'traces');
    expect(endpoint).toMatchObject({ shown, isTls });
    expect(endpoint.hint ?? 'none').toContain(hint);
    expect(JSON.stringify([endpoint.shown, endpoint.hint])).not.toContain('geheim');
  });

  test('the variable of the traces counts before the one of all signals', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4317',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'b:4317',
      OTEL_EXPORTER_OTLP_TRACES_INSECURE: 'true',
    };
    expect(otlpEndpoint(env, 'traces')).toMatchObject({
      shown: 'http://b:4317',
      host: 'b',
      port: 4317,
    });
    expect(otlpEndpoint(env, 'traces').hint).toBeUndefined();
  });
});

test('agents are hashed only under a key, which is not repeated', () => {
  const hashed = { TELEMETRY_AGENT_ID: 'hashed' };
  expect(telemetryProblems(hashed)).toEqual([
    expect.stringMatching(
      /^TELEMETRY_AGENT_ID_KEY must be there where TELEMETRY_AGENT_ID is hashed/,
    ),
  ]);
  expect(telemetryProblems({ ...hashed, TELEMETRY_AGENT_ID_KEY: 'sixteen-characters' })).toEqual(
    [],
  );
  for (const bad of ['fifteen-letters', '$(openssl rand -base64 32)', '${SOME_OTHER_VARIABLE}']) {
    const [problem] = telemetryProblems({ ...hashed, TELEMETRY_AGENT_ID_KEY: bad });
    expect(problem).toMatch(/^TELEMETRY_AGENT_ID_KEY must /);
    expect(problem).not.toContain(bad);
  }
});
