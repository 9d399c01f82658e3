import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Authority } from '../../dev/testing/certificates.ts';
import { makeAuthority } from '../../dev/testing/certificates.ts';
import { makePemFolder } from '../../dev/testing/pem-folder.ts';
import { ConfigError, readConfig } from './config.ts';

const DEFAULTS = {
  serviceName: 'aura-gateway',
  http: { host: '127.0.0.1', port: 8_000 },
  core: { target: '127.0.0.1:50051', timeoutMs: 8_000 },
  workers: 1,
  load: { maxInFlight: 1_000, maxDelayMs: 25 },
  corsOrigins: undefined,
  mcp: { hosts: [] },
  publicUrl: undefined,
  agentAuth: 'optional',
  limits: { searches: undefined, bids: undefined, requests: undefined },
  trustProxy: undefined,
  publishedUrl: undefined,
  logLevel: 'info',
  shutdownGraceMs: 8_000,
};

/** Returns the lines of the error that this environment makes. */
function linesOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('needs nothing', () => {
  expect(readConfig({})).toEqual(DEFAULTS);
});

test('takes every variable', () => {
  expect(
    readConfig({
      OTEL_SERVICE_NAME: 'edge',
      HTTP_HOST: '::',
      HTTP_PORT: '0',
      CORE_SERVICE_HOST: 'dns:///core:50052',
      REQUEST_TIMEOUT_MS: '100',
      WORKERS: '4',
      MAX_IN_FLIGHT: '1',
      MAX_QUEUE_DELAY_MS: '600000',
      CORS_ORIGINS: 'https://shop.example, HTTP://LocalHost:3000/,https://[::1]:443',
      MCP_HOSTS: 'Shop.Example, [::1],10.0.0.5',
      PUBLIC_URL: 'https://agents.example/',
      AGENT_AUTH: 'required',
      SEARCHES_PER_MINUTE: '60',
      BIDS_PER_MINUTE: '30',
      REQUESTS_PER_MINUTE: '600',
      TRUST_PROXY: '10.0.0.5, fd00::/8,10.1.0.0/16',
      PUBLISHED_URL: 'http://localhost:8123',
      LOG_LEVEL: 'debug',
      SHUTDOWN_GRACE_MS: '0',
    }),
  ).toEqual({
    serviceName: 'edge',
    http: { host: '::', port: 0 },
    core: { target: 'dns:///core:50052', timeoutMs: 100 },
    workers: 4,
    load: { maxInFlight: 1, maxDelayMs: 600_000 },
    corsOrigins: ['https://shop.example', 'http://localhost:3000', 'https://[::1]'],
    mcp: { hosts: ['shop.example', '[::1]', '10.0.0.5', 'agents.example'] },
    publicUrl: 'https://agents.example',
    agentAuth: 'required',
    limits: { searches: 60, bids: 30, requests: 600 },
    trustProxy: ['10.0.0.5', 'fd00::/8', '10.1.0.0/16'],
    publishedUrl: 'http://localhost:8123',
    logLevel: 'debug',
    shutdownGraceMs: 0,
  });
});

test('an IPv6 address may have the brackets of a URL', () => {
  expect(readConfig({ HTTP_HOST: '[::1]' }).http.host).toBe('::1');
});

test.each([
  '[::1]:18474',
  'dns:///[::1]:18474',
  'dns:core:50051',
  'core_service-1.example:65535',
  'ipv6:[::1]:18474',
  'ipv4:127.0.0.1:1,127.0.0.1:2',
])('core may be at %s', (target) => {
  expect(readConfig({ CORE_SERVICE_HOST: target }).core.target).toBe(target);
});

test.each([
  ['::1:18474', '[::1]:18474'],
  ['::1', '[::1]:50051'],
  ['dns:///fd00::2:50052', 'dns:///[fd00::2]:50052'],
  ['ipv6:::1:50051', 'ipv6:[::1]:50051'],
  ['ipv6:[::1]:1,::1:2', 'ipv6:[::1]:2'],
])('of CORE_SERVICE_HOST=%s it is said that it is written %s', (target, written) => {
  expect(linesOf({ CORE_SERVICE_HOST: target })).toEqual([
    `CORE_SERVICE_HOST must have an IPv6 address in brackets, such as ${written}, not "${target}"`,
  ]);
});

test.each(['localhost', '0.0.0.0', '::', 'gateway.example', 'fe80::1%eth0'])(
  'the gateway may listen on %s',
  (address) => {
    expect(readConfig({ HTTP_HOST: address }).http.host).toBe(address);
  },
);

test.each([
  [{}, []],
  [{ HTTP_HOST: 'localhost' }, []],
  [{ HTTP_HOST: '127.0.0.2', PUBLIC_URL: 'http://shop.example:8080' }, ['shop.example']],
  [{ HTTP_HOST: '0.0.0.0' }, undefined],
  [{ HTTP_HOST: '10.0.0.5', PUBLIC_URL: 'https://shop.example' }, undefined],
  [{ HTTP_HOST: '0.0.0.0', MCP_HOSTS: 'shop.example' }, ['shop.example']],
  [{ MCP_HOSTS: '*' }, undefined],
])('with %j /mcp answers to %j', (env, hosts) => {
  expect(readConfig(env).mcp).toEqual({ hosts });
});

test('MCP can be off', () => {
  expect(readConfig({ MCP: 'off', MCP_HOSTS: 'shop.example' }).mcp).toBeUndefined();
});

test('CORS_ORIGINS may be every origin', () => {
  expect(readConfig({ CORS_ORIGINS: ' * ' }).corsOrigins).toBe('*');
});

test('an empty variable counts as absent', () => {
  const names = [
    'HTTP_HOST',
    'HTTP_PORT',
    'CORE_SERVICE_HOST',
    'CORS_ORIGINS',
    'LOG_LEVEL',
    'OTEL_SERVICE_NAME',
  ];
  expect(readConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(DEFAULTS);
});

test('what belongs to others is passed over', () => {
  expect(readConfig({ PATH: '/bin', HTTP_PROXY: 'nonsense' })).toEqual(DEFAULTS);
});

test.each(['1 000', "1'000", '1_000', '1\u00A0000'])(
  'a whole number is read as core reads it: %j',
  (text) => expect(readConfig({ MAX_IN_FLIGHT: text }).load.maxInFlight).toBe(1_000),
);

describe('names a bad variable in one line', () => {
  test.each([
    ['HTTP_HOST', 'http://localhost'],
    ['HTTP_HOST', 'localhost:8000'],
    ['HTTP_HOST', '[::1]:8000'],
    ['HTTP_HOST', 'local host'],
    ['HTTP_PORT', 'http'],
    ['HTTP_PORT', '-1'],
    ['HTTP_PORT', '65536'],
    ['HTTP_PORT', '80.5'],
    ['HTTP_PORT', ' '],
    ['HTTP_PORT', '8.000'],
    ['HTTP_PORT', '8,000'],
    ['HTTP_PORT', '8e3'],
    ['HTTP_PORT', '0x1F40'],
    ['HTTP_PORT', '+8000'],
    ['CORE_SERVICE_HOST', 'core'],
    ['CORE_SERVICE_HOST', 'http://core:50051'],
    ['CORE_SERVICE_HOST', 'core:port'],
    ['CORE_SERVICE_HOST', '::1'],
    ['CORE_SERVICE_HOST', '::1:18474'],
    ['CORE_SERVICE_HOST', 'ipv6:localhost:50051'],
    ['CORE_SERVICE_HOST', 'ipv4:localhost:50051'],
    ['CORE_SERVICE_HOST', 'ipv4:[::1]:50051'],
    ['CORE_SERVICE_HOST', 'core:50051:50051'],
    ['CORE_SERVICE_HOST', '::1]:50051'],
    ['CORE_SERVICE_HOST', 'core:0'],
    ['CORE_SERVICE_HOST', 'core:65536'],
    ['CORE_SERVICE_HOST', 'core:1,core:2'],
    ['CORE_SERVICE_HOST', 'dns:///2001:db8:0:0:0:0:0:1:50051'],
    ['REQUEST_TIMEOUT_MS', '99'],
    ['REQUEST_TIMEOUT_MS', '8s'],
    ['REQUEST_TIMEOUT_MS', '8.000'],
    ['REQUEST_TIMEOUT_MS', '8 00'],
    ['REQUEST_TIMEOUT_MS', '8,000'],
    ['REQUEST_TIMEOUT_MS', 'NaN'],
    ['MCP', 'yes'],
    ['MCP_HOSTS', 'shop.example:8000'],
    ['MCP_HOSTS', 'https://shop.example'],
    ['MCP_HOSTS', 'shop.example/mcp'],
    ['MCP_HOSTS', 'shop example'],
    ['PUBLISHED_URL', 'localhost:8000'],
    ['PUBLIC_URL', 'shop.example'],
    ['PUBLIC_URL', 'https://shop.example/mcp'],
    ['PUBLIC_URL', 'https://me:pw@shop.example'],
    ['PUBLIC_URL', 'ftp://shop.example'],
    ['CORS_ORIGINS', 'shop.example'],
    ['CORS_ORIGINS', 'https://shop.example/app'],
    ['CORS_ORIGINS', 'https://shop.example?a'],
    ['CORS_ORIGINS', 'https://me:pw@shop.example'],
    ['CORS_ORIGINS', 'https://*.shop.example'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'file:///home'],
    ['CORS_ORIGINS', 'ftp://shop.example'],
    ['LOG_LEVEL', 'loud'],
    ['SHUTDOWN_GRACE_MS', '-1'],
    ['SHUTDOWN_GRACE_MS', 'Infinity'],
  ])('%s=%s', (name, value) => {
    const [line = '', ...more] = linesOf({ [name]: value });
    expect(line).toMatch(new RegExp(`^${name} .`));
    expect(line).toContain(value);
    expect(more).toEqual([]);
  });
});

test('a header for the collector is refused by its name, and its secret is not repeated', () => {
  const lines = linesOf({ OTEL_EXPORTER_OTLP_HEADERS: 'x-key=Zürich' });
  expect(lines).toEqual([
    expect.stringMatching(/^OTEL_EXPORTER_OTLP_HEADERS must be a list like /),
  ]);
  expect(lines.join()).not.toContain('Zürich');
});

test('names all of them at once', () => {
  const lines = linesOf({
    HTTP_PORT: 'x',
    REQUEST_TIMEOUT_MS: 'y',
    LOG_LEVEL: 'z',
    HTTP_HOST: 'a',
  });
  const names = lines.map((line) => line.split(' ')[0]);
  expect(names).toEqual(['HTTP_PORT', 'REQUEST_TIMEOUT_MS', 'LOG_LEVEL']);
});

test.each([
  '*',
  'true',
  '1',
  'proxy.example',
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/33',
  '10.0.0.0/',
  ',',
])('TRUST_PROXY cannot be %s', (text) => {
  expect(linesOf({ TRUST_PROXY: text })).toEqual([
    expect.stringContaining('TRUST_PROXY must be addresses such as'),
  ]);
});

describe('the files of TLS', () => {
  const folder = makePemFolder();
  afterAll(() => folder.remove());
  let authority: Authority;
  let env: Record<string, string>;
  beforeAll(async () => {
    authority = await makeAuthority();
    const own = await authority.sign(['api-gateway']);
    env = {
      CORE_TLS_CA: folder.write('ca.pem', authority.certificate),
      CORE_TLS_CERTIFICATE: folder.write('own.pem', own.certificate),
      CORE_TLS_KEY: folder.write('key.pem', own.key),
    };
  });

  test('are named with the variables that name them', () => {
    const { tls } = readConfig({ ...env, CORE_TLS_SERVER_NAME: 'core.internal' }).core;
    expect(tls).toEqual({
      serverName: 'core.internal',
      files: {
        ca: { variable: 'CORE_TLS_CA', path: env['CORE_TLS_CA'] },
        certificate: { variable: 'CORE_TLS_CERTIFICATE', path: env['CORE_TLS_CERTIFICATE'] },
        key: { variable: 'CORE_TLS_KEY', path: env['CORE_TLS_KEY'] },
      },
    });
  });

  test('the authority alone will do', () => {
    const { CORE_TLS_CA = '' } = env;
    expect(readConfig({ CORE_TLS_CA }).core.tls?.files.certificate).toBeUndefined();
  });

  test.each([
    [['CORE_TLS_CERTIFICATE'], 'CORE_TLS_CERTIFICATE counts only together with CORE_TLS_KEY'],
    [['CORE_TLS_KEY'], 'CORE_TLS_KEY counts only together with CORE_TLS_CERTIFICATE'],
    [
      ['CORE_TLS_CERTIFICATE', 'CORE_TLS_KEY'],
      'CORE_TLS_CERTIFICATE counts only together with CORE_TLS_CA',
    ],
    [
      ['CORE_TLS_CA', 'CORE_TLS_CERTIFICATE'],
      'CORE_TLS_CERTIFICATE counts only together with CORE_TLS_KEY',
    ],
  ])('%j alone', (names, line) => {
    const lines = linesOf(Object.fromEntries(names.map((name) => [name, env[name]])));
    expect(lines.map((each) => each.replace(/, which is not set$/, ''))).toContain(line);
  });

  test('a name without an authority, and a name that is none', () => {
    const [alone] = linesOf({ CORE_TLS_SERVER_NAME: 'core' });
    expect(alone).toContain('CORE_TLS_SERVER_NAME counts only together with CORE_TLS_CA');
    const lines = linesOf({ ...env, CORE_TLS_SERVER_NAME: 'https://core' });
    expect(lines).toEqual([expect.stringMatching(/^CORE_TLS_SERVER_NAME must be a name alone/)]);
  });

  test('a key of another certificate, named by its variable alone', async () => {
    const { key } = await authority.sign(['other']);
    const lines = linesOf({ ...env, CORE_TLS_KEY: folder.write('other.pem', key) });
    expect(lines).toEqual(['CORE_TLS_KEY does not fit CORE_TLS_CERTIFICATE']);
  });
});
