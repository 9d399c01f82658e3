import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { newReceiptKey } from './receipt-keys.ts';
import { keepPricingSecret } from './cli/pricing-secret.ts';
import { UsageError } from './cli/run.ts';

const required = {
  DATABASE_URL: 'postgres://aura:hunter2@db.example:5432/aura',
  PRICING_SECRET: 'a secret that nobody guesses',
};

function linesOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

test('has a default for all but the two', () => {
  const { negotiation, ...config } = readConfig(required);
  expect(config).toEqual({
    serviceName: 'aura-core',
    adminTokens: [],
    receiptKeys: [],
    grpc: { host: '127.0.0.1', port: 50_051 },
    workers: 1,
    load: { maxInFlight: 1_000, maxDelayMs: 25 },
    database: { url: required.DATABASE_URL, poolSize: 10 },
    model: undefined,
    embedModel: undefined,
    logLevel: 'info',
    shutdownGraceMs: 8_000,
  });
  expect(negotiation.quoteTtlSeconds).toBe(600);
  expect(negotiation.maxOpenSessions).toBeUndefined();
  expect(negotiation.pricingSecret).toBe(required.PRICING_SECRET);
  const thresholds = ['USD', 'JPY', 'KWD', 'XAF'].map((c) =>
    negotiation.highValueThresholds.get(c),
  );
  expect(thresholds).toEqual([100_000, 150_000, 300_000, undefined]);
});

test('an empty variable counts as absent', () => {
  const empty = { GRPC_PORT: '', MISTRAL_API_KEY: '', LOG_LEVEL: '', HIGH_VALUE_THRESHOLDS: '' };
  expect(readConfig({ ...required, ...empty })).toEqual(readConfig(required));
  expect(linesOf({ DATABASE_URL: '', PRICING_SECRET: '' })).toEqual([
    'DATABASE_URL is required',
    'PRICING_SECRET is required',
  ]);
});

test('takes what is set', () => {
  const config = readConfig({
    ...required,
    OTEL_SERVICE_NAME: 'core-7',
    GRPC_HOST: '0.0.0.0',
    GRPC_PORT: '0',
    WORKERS: '4',
    MAX_IN_FLIGHT: '1',
    MAX_QUEUE_DELAY_MS: '600000',
    DATABASE_POOL_SIZE: '1',
    QUOTE_TTL_S: '1',
    MAX_OPEN_SESSIONS_PER_AGENT_AND_ITEM: '3',
    SHUTDOWN_GRACE_MS: '0',
    LOG_LEVEL: 'silent',
  });
  expect(config).toMatchObject({
    serviceName: 'core-7',
    grpc: { host: '0.0.0.0', port: 0 },
    workers: 4,
    load: { maxInFlight: 1, maxDelayMs: 600_000 },
    database: { poolSize: 1 },
    negotiation: { quoteTtlSeconds: 1, maxOpenSessions: 3 },
    logLevel: 'silent',
    shutdownGraceMs: 0,
  });
});

describe('the model', () => {
  test('comes with its embedder', () => {
    const { model, embedModel } = readConfig({ ...required, MISTRAL_API_KEY: 'key' });
    const defaults = { serverUrl: 'https://api.mistral.ai', chatModel: 'mistral-large-latest' };
    expect(model).toMatchObject({ apiKey: 'key', ...defaults });
    expect(embedModel).toBe('mistral-embed');
  });

  test('may have a second embedding model beside the first', () => {
    const env = { ...required, MISTRAL_EMBED_MODEL_PREVIOUS: 'embed-1' };
    const { embedModel, previousEmbedModel } = readConfig({ ...env, MISTRAL_API_KEY: 'key' });
    expect([embedModel, previousEmbedModel]).toEqual(['mistral-embed', 'embed-1']);
    expect(readConfig({ ...required, MISTRAL_API_KEY: 'key' }).previousEmbedModel).toBeUndefined();
    expect(readConfig(env).previousEmbedModel).toBeUndefined();
  });

  test('can do without, and an embedder without a key is none', () => {
    const none = { ...required, MISTRAL_EMBED_MODEL: 'none' };
    expect(readConfig({ ...none, MISTRAL_API_KEY: 'key' }).embedModel).toBeUndefined();
    expect(readConfig({ ...required, MISTRAL_EMBED_MODEL: 'some' }).embedModel).toBeUndefined();
  });
});

test.each(['None', ' none ', 'NONE'])('the embedding model %j is none', (written) => {
  const env = { ...required, MISTRAL_API_KEY: 'key', MISTRAL_EMBED_MODEL: written };
  expect(readConfig(env).embedModel).toBeUndefined();
});

describe('without a key', () => {
  const offline = { ...required, OFFLINE_MODEL_URL: 'http://127.0.0.1:9' };

  test('the offline model plays the chat, and embeddings are local', () => {
    const { model, embedModel } = readConfig(offline);
    const chatModel = 'mistral-large-latest';
    expect(model).toMatchObject({ apiKey: 'offline', serverUrl: 'http://127.0.0.1:9', chatModel });
    expect(embedModel).toBeUndefined();
  });

  test('and with one, the offline model is not asked', () => {
    const { model, embedModel } = readConfig({ ...offline, MISTRAL_API_KEY: 'key' });
    expect(model?.serverUrl).toBe('https://api.mistral.ai');
    expect(embedModel).toBe('mistral-embed');
  });
});

describe('the secret in a file', () => {
  const { PRICING_SECRET: _, ...others } = required;

  test('is made once, whole, and readable for nobody else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aura-secret-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'secret');
    keepPricingSecret(file);
    const first = readConfig({ ...others, PRICING_SECRET_FILE: file }).negotiation.pricingSecret;
    keepPricingSecret(file);
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(await readFile(file, 'utf8')).toBe(first);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['secret']);
    // A variable of its own goes before.
    const both = readConfig({ ...required, PRICING_SECRET_FILE: file });
    expect(both.negotiation.pricingSecret).toBe(required.PRICING_SECRET);
  });

  test('that cannot be written is named in one line', () => {
    expect(() => keepPricingSecret('/nowhere/at/all')).toThrow(
      expect.objectContaining({
        constructor: UsageError,
        message: expect.stringMatching(/^PRICING_SECRET_FILE cannot be written: ENOENT.*$/),
      }),
    );
  });

  test('that is not there is named in one line', () => {
    expect(linesOf({ ...others, PRICING_SECRET_FILE: '/nowhere/at/all' })).toEqual([
      expect.stringMatching(/^PRICING_SECRET_FILE cannot be read: .*ENOENT/),
    ]);
  });
});

test('thresholds are in major units and replace the defaults', () => {
  const text = 'USD:1000.5, JPY:2,KWD:1.005';
  const { negotiation } = readConfig({ ...required, HIGH_VALUE_THRESHOLDS: text });
  expect([...negotiation.highValueThresholds]).toEqual([
    ['USD', 100_050],
    ['JPY', 2],
    ['KWD', 1_005],
  ]);
});

test.each([
  ['USD:1,000.00,EUR:1.000,00', ['USD', 100_000], ['EUR', 100_000]],
  ['USD:$1,234.5 , JPY: 150 000', ['USD', 123_450], ['JPY', 150_000]],
  ['INR:12,34,567', ['INR', 123_456_700]],
  ['IDR:16000000000', ['IDR', 1_600_000_000_000]],
])('thresholds are written as people write amounts: %s', (text, ...entries) => {
  const { negotiation } = readConfig({ ...required, HIGH_VALUE_THRESHOLDS: text });
  expect([...negotiation.highValueThresholds]).toEqual(entries);
});

test.each([
  ['USD:1.000', 'has the entry USD: "1.000" could be 1000 or 1; write it like 1234.50'],
  ['USD:1,000,EUR:5', 'has the entry USD: "1,000" could be 1000 or 1; write it like 1234.50'],
  ['JPY:150.000', 'has the entry JPY: "150.000" could be 150000 or 150; write it like 1234'],
  ['USD:€ 5', 'has the entry USD: "€ 5" has €, but its currency is USD'],
  ['USD:1,USD:2', 'names USD twice'],
  [
    'USD:x,EUR:5,zz:1,XXX:1',
    'has the entry USD: "x" is not an amount; write it like 1234.50; it has the entry "zz:1", which is not CURRENCY:AMOUNT; it names XXX, which is a code of ISO 4217 for what nobody pays with: write a currency such as USD',
  ],
])('HIGH_VALUE_THRESHOLDS=%s is refused: %s', (text, words) => {
  expect(linesOf({ ...required, HIGH_VALUE_THRESHOLDS: text })).toEqual([
    `HIGH_VALUE_THRESHOLDS ${words}`,
  ]);
});

test('whole numbers are read as people write them, and never as another one', () => {
  const config = readConfig({ ...required, QUOTE_TTL_S: '1 000', DATABASE_POOL_SIZE: '5.0' });
  expect([config.negotiation.quoteTtlSeconds, config.database.poolSize]).toEqual([1_000, 5]);
  expect(linesOf({ ...required, QUOTE_TTL_S: '1.000', MODEL_TOKENS_PER_DAY: '1,000' })).toEqual([
    'QUOTE_TTL_S must be a whole number from 1 to 86400, not "1.000", which could be 1000 or 1; write it without a separator',
    'MODEL_TOKENS_PER_DAY must be a whole number from 1 to 1000000000000, not "1,000", which could be 1000 or 1; write it without a separator',
  ]);
});

test.each([
  ['DATABASE_URL', 'mysql://db/aura'],
  ['DATABASE_URL', 'not a url'],
  ['DATABASE_URL', 'postgres://aura:hunter#2@db/aura'],
  ['DATABASE_URL', 'postgres://aura:12#hunter@db/aura'],
  ['DATABASE_URL', 'postgres://aura:12/hunter@db/aura'],
  ['DATABASE_URL', 'postgres://aura:12?hunter@db/aura'],
  ['DATABASE_URL', 'postgres://aura:hun@ter@db/aura'],
  ['DATABASE_URL', 'postgres://aura:hunter%@db/aura'],
  ['DATABASE_URL', 'postgres://aura:hunter%zz@db/aura'],
  ['PRICING_SECRET', 'too short'],
  ['GRPC_PORT', '65536'],
  ['GRPC_PORT', '-1'],
  ['GRPC_PORT', 'http'],
  ['GRPC_PORT', ' '],
  ['DATABASE_POOL_SIZE', '0'],
  ['DATABASE_POOL_SIZE', '2.5'],
  ['QUOTE_TTL_S', '0'],
  ['MAX_OPEN_SESSIONS_PER_AGENT_AND_ITEM', '0'],
  ['MAX_OPEN_SESSIONS_PER_AGENT_AND_ITEM', '1001'],
  ['MODEL_TOKENS_PER_AGENT_DAY', '0'],
  ['MODEL_CONCURRENCY', 'many'],
  ['QUOTE_TTL_S', '1e400'],
  ['QUOTE_TTL_S', '1e3'],
  ['QUOTE_TTL_S', '0x10'],
  ['QUOTE_TTL_S', '+600'],
  ['SHUTDOWN_GRACE_MS', '-5'],
  ['LOG_LEVEL', 'loud'],
  ['GRPC_HOST', 'localhost:50051'],
  ['GRPC_HOST', '::1]:50051'],
  ['GRPC_HOST', '[::1]:50051'],
  ['GRPC_HOST', 'http://localhost'],
  ['GRPC_HOST', 'ipv6:[::1]'],
  ['MISTRAL_SERVER_URL', 'api.mistral.ai'],
  ['MISTRAL_SERVER_URL', 'localhost:8080'],
  ['MISTRAL_SERVER_URL', 'https://api.mistral.ai/?key=1'],
  ['MISTRAL_SERVER_URL', 'https://me:pw@proxy.example'],
  ['OFFLINE_MODEL_URL', 'model'],
  ['HIGH_VALUE_THRESHOLDS', 'USD'],
  ['HIGH_VALUE_THRESHOLDS', 'usd:1000'],
  ['HIGH_VALUE_THRESHOLDS', 'USD:1000,'],
  ['HIGH_VALUE_THRESHOLDS', 'USD:-1'],
  ['HIGH_VALUE_THRESHOLDS', 'ZZZ:1'],
  ['HIGH_VALUE_THRESHOLDS', 'JPY:0.5'],
])('%s=%j is named in one line', (name, value) => {
  expect(linesOf({ ...required, [name]: value })).toEqual([
    expect.stringMatching(new RegExp(`^${name} \\S`)),
  ]);
});

test('an address to listen on is taken alone, and it is said how to write it', () => {
  const hostOf = (GRPC_HOST: string) => readConfig({ ...required, GRPC_HOST }).grpc.host;
  const hosts = ['[::1]', '::', '0.0.0.0', 'core.example', 'fe80::1%eth0'];
  expect(hosts.map(hostOf)).toEqual(['::1', ...hosts.slice(1)]);
  expect(linesOf({ ...required, GRPC_HOST: 'localhost:50051' })).toEqual([
    'GRPC_HOST must be an address or a name alone, such as 127.0.0.1, ::1 or localhost, not "localhost:50051"; the port is GRPC_PORT',
  ]);
});

test.each([
  ['https://api.mistral.ai/v1', '/v1'],
  ['https://api.mistral.ai/v1/', '/v1/'],
  ['http://proxy.example/mistral/v1/chat/completions', '/v1/chat/completions'],
  ['http://proxy.example/v1/embeddings', '/v1/embeddings'],
])('MISTRAL_SERVER_URL=%s would double its path, and is refused', (url, path) => {
  expect(linesOf({ ...required, MISTRAL_SERVER_URL: url })).toEqual([
    `MISTRAL_SERVER_URL must end before ${path}, as in https://api.mistral.ai, because that is put behind it`,
  ]);
});

test.each(['https://api.mistral.ai/', 'http://[::1]:8080', 'https://gate.example/v1/team/mistral'])(
  'the model may be at %s',
  (url) => {
    const env = { ...required, MISTRAL_API_KEY: 'key', MISTRAL_SERVER_URL: url };
    expect(readConfig(env).model?.serverUrl).toBe(url);
  },
);

test.each([
  ['a blank at its end', '0123456789abcdef '],
  ['curly quotes', '“0123456789abcdef”'],
  ['letters beyond ASCII', 'schlüssel-für-den-verkäufer'],
  ['nothing but blanks', ' '.repeat(19)],
  ['a line feed', '0123456789abcdef\n'],
])('an ADMIN_TOKEN with %s is refused, and not repeated', (_what, token) => {
  expect(linesOf({ ...required, ADMIN_TOKEN: token })).toEqual([
    'ADMIN_TOKEN must have only visible characters of ASCII, and no blanks at its ends',
  ]);
});

test.each([
  ['curly quotes', '“sk-very-private”'],
  ['a blank at its end', 'sk-very-private '],
  ['a blank at its beginning', ' sk-very-private'],
  ['a blank inside', 'sk-very private'],
  ['the word Bearer before it', 'Bearer sk-very-private'],
  ['a blank alone', ' '],
])('a MISTRAL_API_KEY with %s is refused, and not repeated', (_what, key) => {
  expect(linesOf({ ...required, MISTRAL_API_KEY: key })).toEqual([
    'MISTRAL_API_KEY must have only visible characters of ASCII, and no blanks',
  ]);
});

test.each(['"sk-very-private-key"', "'sk-very-private-key'"])('%s has quotes too many', (text) => {
  const lines = linesOf({ ...required, ADMIN_TOKEN: text, MISTRAL_API_KEY: text });
  const said = 'has quotes around it: write it without them';
  expect(lines.toSorted()).toEqual([`ADMIN_TOKEN ${said}`, `MISTRAL_API_KEY ${said}`]);
});

test.each([
  '$(openssl rand -hex 32)',
  '`openssl rand -hex 32`',
  'openssl rand -hex 32',
  '${ADMIN_TOKEN:-0123456789abcdef}',
  '$TOKEN_OF_THE_SELLER',
])('a secret that is %s is refused, and not repeated', (text) => {
  const words =
    'looks like a command or a variable of a shell, which nothing runs or puts in here: write the value itself';
  expect(linesOf({ ...required, ADMIN_TOKEN: text, PRICING_SECRET: text })).toEqual([
    `PRICING_SECRET ${words}`,
    `ADMIN_TOKEN ${words}`,
  ]);
});

test('an ADMIN_TOKEN is taken as it is, if it is long enough', () => {
  const token = '!0123456789 -_~+/=$5`(';
  expect(readConfig({ ...required, ADMIN_TOKEN: token }).adminTokens).toEqual([token]);
  expect(linesOf({ ...required, ADMIN_TOKEN: 'short' })).toEqual([
    'ADMIN_TOKEN must have at least 16 characters',
  ]);
});

test('the former ADMIN_TOKEN is taken beside the present one, and not without it', () => {
  const [ADMIN_TOKEN, ADMIN_TOKEN_PREVIOUS] = ['the-new-token-0001', 'the-old-token-0001'];
  const both = readConfig({ ...required, ADMIN_TOKEN, ADMIN_TOKEN_PREVIOUS });
  expect(both.adminTokens).toEqual([ADMIN_TOKEN, ADMIN_TOKEN_PREVIOUS]);
  expect(linesOf({ ...required, ADMIN_TOKEN_PREVIOUS })).toEqual([
    'ADMIN_TOKEN_PREVIOUS counts only together with ADMIN_TOKEN, which is not set',
  ]);
  expect(linesOf({ ...required, ADMIN_TOKEN, ADMIN_TOKEN_PREVIOUS: 'short' })).toEqual([
    'ADMIN_TOKEN_PREVIOUS must have at least 16 characters',
  ]);
});

test.each([
  'postgres://aura:a%23%40b%25@db:5432/aura?sslmode=require',
  'postgresql://[::1]/aura',
  'postgres://db/aura?user=a@b.example',
  'postgres:///aura?host=/run/postgresql',
  'postgres://aura:a:b@db/aura',
])('DATABASE_URL=%s is taken', (url) => {
  expect(readConfig({ ...required, DATABASE_URL: url }).database.url).toBe(url);
});

test('a password that is not percent-encoded is refused, and no piece of it is repeated', () => {
  for (const password of ['12#geheim', 'geheim#1', 'ge@heim', '1?geheim', '12/geheim', 'geheim%']) {
    expect(linesOf({ ...required, DATABASE_URL: `postgres://a:${password}@db/aura` })).toEqual([
      'DATABASE_URL must look like postgres://user:password@host:5432/database, with %23 for #, ' +
        '%25 for %, %2F for /, %3A for :, %3F for ? and %40 for @ in the password',
    ]);
  }
});

test('several at once get a line each, and no secret is repeated', () => {
  const lines = linesOf({
    DATABASE_URL: 'mysql://aura:hunter2@db',
    PRICING_SECRET: 'pst-15-letters!',
    MISTRAL_API_KEY: 'sk-very-private',
    GRPC_PORT: 'x',
    QUOTE_TTL_S: '0',
  });
  const names = lines.map((line) => line.split(' ')[0]);
  expect(names).toEqual(['GRPC_PORT', 'DATABASE_URL', 'QUOTE_TTL_S', 'PRICING_SECRET']);
  expect(lines.join()).not.toMatch(/hunter2|pst-15|very-private/);
});

test('workers share what the model may do, but for the budgets that all cores have together', () => {
  const limits = { MODEL_TOKENS_PER_DAY: '1000', MODEL_TOKENS_PER_AGENT_DAY: '400' };
  const model = { MISTRAL_API_KEY: 'key', ...limits, MODEL_CONCURRENCY: '3' };
  expect(readConfig({ ...required, ...model, WORKERS: '4' }).model).toMatchObject({
    embedCallsPerSecond: 1,
    limits: {
      tokensPerDay: 1_000,
      tokensPerMinute: 1_000_000,
      tokensPerAgentDay: 100,
      concurrency: 1,
    },
  });
});

test('keys of receipts are taken, and what is wrong with them is said without them', () => {
  const [key, other] = [newReceiptKey(), newReceiptKey()];
  const of = (...keys: object[]): string => JSON.stringify({ keys });
  const taken = readConfig({ ...required, RECEIPT_KEYS: of(other, key) }).receiptKeys;
  expect(taken.map(({ kid }) => kid)).toEqual([other.kid, key.kid]);
  const { kid: _, ...nameless } = key;
  const cases = [
    ['{', 'must be a JWK Set in JSON'],
    [JSON.stringify(key), 'must be a JWK Set with 1 to 16 "keys"'],
    [of(), 'must be a JWK Set with 1 to 16 "keys"'],
    [of(nameless), 'must have a "kid" in each key, of letters, digits, "-", "_", "." and ":"'],
    [of(key, key), 'has a "kid" twice'],
    [of(key, { ...other, d: undefined }), 'has no private key of Ed25519 as key 2'],
    [of({ ...key, x: other.x }), 'has no private key of Ed25519 as key 1'],
  ] as const;
  for (const [RECEIPT_KEYS, wrong] of cases) {
    expect(linesOf({ ...required, RECEIPT_KEYS })).toEqual([`RECEIPT_KEYS ${wrong}`]);
  }
  const missing = { ...required, RECEIPT_KEYS_FILE: '/nowhere/keys.json' };
  expect(linesOf(missing)[0]).toMatch(/^RECEIPT_KEYS_FILE cannot be read: ENOENT/);
});
