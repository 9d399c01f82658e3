/**
 * The environment, read once. `readConfig` answers with a typed, nested config or throws a
 * ConfigError that has one line for each bad variable.
 */
import { readFileSync } from 'node:fs';
import { SERVICE_NAMES } from '@aura/proto/limits.ts';
import type { CleanedEnv } from 'envalid';
import { cleanEnv, makeValidator, str } from 'envalid';
import type { LoadLimits } from './admission.ts';
import {
  credential,
  databaseUrl,
  host,
  integer,
  modelUrl,
  secret,
  tokens,
} from './config-values.ts';
import type { Haggling } from './haggling.ts';
import { readHaggling } from './haggling.ts';
import { DEFAULT_THRESHOLDS, readThresholds } from './high-value.ts';
import type { ReceiptKey } from './receipt-keys.ts';
import { readReceiptKeys } from './receipt-keys.ts';
import { telemetryProblems } from './telemetry-variables.ts';
import type { TlsFiles } from './tls-files.ts';
import { nameTlsFiles, readTlsFiles, TlsFilesError, togetherWith } from './tls-files.ts';

export interface ModelConfig {
  readonly apiKey: string;
  readonly serverUrl: string;
  readonly chatModel: string;
  readonly limits: ModelLimits;
  /** Calls for embeddings in bulk; a query is never held back. */
  readonly embedCallsPerSecond: number;
}

/** The limits of the chat: its cost in tokens, and the calls that may be under way. */
export interface ModelLimits {
  /** All cores together spend no more, as with the next one. */
  readonly tokensPerMinute: number;
  readonly tokensPerDay: number;
  /** This process, which is one of several workers or all of a core, spends no more, as with those that follow. */
  readonly tokensPerAgentMinute: number;
  readonly tokensPerAgentDay: number;
  readonly concurrency: number;
}

export interface Config {
  readonly serviceName: string;
  readonly grpc: {
    readonly host: string;
    readonly port: number;
    /** Health alone is served here, without TLS, for probes that cannot speak it. */
    readonly healthPort: number | undefined;
    /** Undefined without TLS; with `ca` each caller must show a certificate of it. */
    readonly tls: TlsFiles | undefined;
  };
  /** Processes that share the address; with more than one, this one starts and watches them. */
  readonly workers: number;
  readonly load: LoadLimits;
  readonly database: {
    readonly url: string;
    readonly poolSize: number;
    /** A replica of it that searches read while it is fresh. */
    readonly readUrl?: string;
  };
  readonly negotiation: {
    readonly quoteTtlSeconds: number;
    /** Seconds that a bid waits for a person. */
    readonly approvalTtlSeconds: number;
    /** Seconds that a reservation is held before it is confirmed. */
    readonly holdSeconds: number;
    /** So many sessions of one item may an agent have open at a time; undefined is without limit. */
    readonly maxOpenSessions: number | undefined;
    /** Days that a session without a deal is kept after its quote has ended. */
    readonly sessionRetentionDays: number;
    readonly pricingSecret: string;
    /** Minor units by currency; a currency without an entry always asks a person. */
    readonly highValueThresholds: ReadonlyMap<string, number>;
    /** The terms of items that have none of their own. */
    readonly haggling: Haggling;
  };
  /** Undefined without a key and an offline model: the policy alone answers. */
  readonly model: ModelConfig | undefined;
  /** Mistral's embedding model; undefined for the local embedder. */
  readonly embedModel: string | undefined;
  /** Another one of Mistral's, by which an inventory is searched while one takes the other's place. */
  readonly previousEmbedModel?: string | undefined;
  /** The first signs the receipts of deals, which have none where there is no key. */
  readonly receiptKeys: readonly ReceiptKey[];
  /** Each of these opens the seller's side over gRPC; without any it is not served. */
  readonly adminTokens: readonly string[];
  readonly logLevel: string;
  readonly shutdownGraceMs: number;
}

export class ConfigError extends Error {}

const specs = {
  OTEL_SERVICE_NAME: str({ default: SERVICE_NAMES.core }),
  GRPC_HOST: host({ default: '127.0.0.1' }),
  GRPC_PORT: integer(0, 65_535)({ default: 50_051 }),
  GRPC_HEALTH_PORT: integer(1, 65_535)({ default: undefined }),
  GRPC_TLS_CERTIFICATE: str({ default: undefined }),
  GRPC_TLS_KEY: str({ default: undefined }),
  GRPC_TLS_CA: str({ default: undefined }),
  WORKERS: integer(1, 256)({ default: 1 }),
  MAX_IN_FLIGHT: integer(1, 100_000)({ default: 1_000 }),
  MAX_QUEUE_DELAY_MS: integer(1, 600_000)({ default: 25 }),
  DATABASE_URL: databaseUrl(),
  DATABASE_READ_URL: databaseUrl({ default: undefined }),
  DATABASE_POOL_SIZE: integer(1, 1_000)({ default: 10 }),
  QUOTE_TTL_S: integer(1, 86_400)({ default: 600 }),
  APPROVAL_TTL_S: integer(1, 31_536_000)({ default: 86_400 }),
  RESERVATION_HOLD_S: integer(1, 31_536_000)({ default: 86_400 }),
  MAX_OPEN_SESSIONS_PER_AGENT_AND_ITEM: integer(1, 1_000)({ default: undefined }),
  SESSION_RETENTION_DAYS: integer(1, 3_650)({ default: 30 }),
  PRICING_SECRET: secret(),
  ADMIN_TOKEN: credential(16, 'no blanks at its ends')({ default: undefined }),
  ADMIN_TOKEN_PREVIOUS: credential(16, 'no blanks at its ends')({ default: undefined }),
  RECEIPT_KEYS: makeValidator(readReceiptKeys)({ default: [] }),
  HIGH_VALUE_THRESHOLDS: makeValidator(readThresholds)({
    default: readThresholds(DEFAULT_THRESHOLDS),
  }),
  HAGGLING: makeValidator(readHaggling)({ default: readHaggling('') }),
  MISTRAL_API_KEY: credential(1, 'no blanks')({ default: '' }),
  OFFLINE_MODEL_URL: modelUrl({ default: '' }),
  MISTRAL_SERVER_URL: modelUrl({ default: 'https://api.mistral.ai' }),
  MISTRAL_MODEL: str({ default: 'mistral-large-latest' }),
  MISTRAL_EMBED_MODEL: str({ default: 'mistral-embed' }),
  MISTRAL_EMBED_MODEL_PREVIOUS: str({ default: 'none' }),
  // An answer costs about 350 tokens: an agent may haggle once a second, all together 45 times.
  MODEL_TOKENS_PER_MINUTE: tokens({ default: 1_000_000 }),
  MODEL_TOKENS_PER_DAY: tokens({ default: 100_000_000 }),
  MODEL_TOKENS_PER_AGENT_MINUTE: tokens({ default: 20_000 }),
  MODEL_TOKENS_PER_AGENT_DAY: tokens({ default: 1_000_000 }),
  MISTRAL_EMBED_CALLS_PER_SECOND: integer(1, 1_000)({ default: 5 }),
  MODEL_CONCURRENCY: integer(1, 10_000)({ default: 64 }),
  LOG_LEVEL: str({
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
  }),
  SHUTDOWN_GRACE_MS: integer(0, 600_000)({ default: 8_000 }),
};

/**
 * @param env an empty variable counts as absent
 * @throws ConfigError with one line for each bad variable; values of secrets are not repeated
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const lines: string[] = [];
  readFileOf('PRICING_SECRET', present['PRICING_SECRET_FILE'], present);
  readFileOf('RECEIPT_KEYS', present['RECEIPT_KEYS_FILE'], present);
  const clean = cleanEnv(present, specs, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) {
        lines.push(`${name} ${name in present ? error.message : 'is required'}`);
      }
    },
  });
  if (present['ADMIN_TOKEN_PREVIOUS'] !== undefined && present['ADMIN_TOKEN'] === undefined) {
    lines.push('ADMIN_TOKEN_PREVIOUS counts only together with ADMIN_TOKEN, which is not set');
  }
  const tls = tlsOf(present, lines);
  lines.push(...telemetryProblems(present));
  if (lines.length > 0) throw new ConfigError(lines.join('\n'));

  return {
    serviceName: clean.OTEL_SERVICE_NAME,
    grpc: { host: clean.GRPC_HOST, port: clean.GRPC_PORT, healthPort: clean.GRPC_HEALTH_PORT, tls },
    workers: clean.WORKERS,
    load: { maxInFlight: clean.MAX_IN_FLIGHT, maxDelayMs: clean.MAX_QUEUE_DELAY_MS },
    database: {
      url: clean.DATABASE_URL,
      poolSize: clean.DATABASE_POOL_SIZE,
      ...(clean.DATABASE_READ_URL && { readUrl: clean.DATABASE_READ_URL }),
    },
    negotiation: {
      quoteTtlSeconds: clean.QUOTE_TTL_S,
      approvalTtlSeconds: clean.APPROVAL_TTL_S,
      holdSeconds: clean.RESERVATION_HOLD_S,
      maxOpenSessions: clean.MAX_OPEN_SESSIONS_PER_AGENT_AND_ITEM,
      sessionRetentionDays: clean.SESSION_RETENTION_DAYS,
      pricingSecret: clean.PRICING_SECRET,
      highValueThresholds: clean.HIGH_VALUE_THRESHOLDS,
      haggling: clean.HAGGLING,
    },
    ...chooseModels(clean),
    receiptKeys: clean.RECEIPT_KEYS,
    adminTokens: [clean.ADMIN_TOKEN, clean.ADMIN_TOKEN_PREVIOUS].filter(
      (token) => token !== undefined,
    ),
    logLevel: clean.LOG_LEVEL,
    shutdownGraceMs: clean.SHUTDOWN_GRACE_MS,
  };
}

/** @param lines gets one for each thing that is wrong */
function tlsOf(present: NodeJS.ProcessEnv, lines: string[]): TlsFiles | undefined {
  const names = { ca: 'GRPC_TLS_CA', certificate: 'GRPC_TLS_CERTIFICATE', key: 'GRPC_TLS_KEY' };
  const { files, problems } = nameTlsFiles(names, present);
  lines.push(...problems);
  if (files.ca && !files.certificate) lines.push(togetherWith(names.ca, names.certificate));
  try {
    readTlsFiles(files);
  } catch (error) {
    if (!(error instanceof TlsFilesError)) throw error;
    lines.push(...error.message.split('\n'));
  }
  return files.certificate && files;
}

/** Puts the content of a file in the place of a variable that is absent. @throws ConfigError */
function readFileOf(name: string, file: string | undefined, present: NodeJS.ProcessEnv): void {
  if (file === undefined) return;
  try {
    present[name] ??= readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`${name}_FILE cannot be read: ${(error as Error).message}`);
  }
}

/**
 * With a key chat and embeddings are Mistral's. Without one the offline model, where there is one,
 * plays the chat, and the embeddings are local.
 */
function chooseModels(
  clean: CleanedEnv<typeof specs>,
): Pick<Config, 'model' | 'embedModel' | 'previousEmbedModel'> {
  // These are said of a core as a whole, and no worker knows what the others did.
  const share = (limit: number): number => Math.max(Math.floor(limit / clean.WORKERS), 1);
  const chat = {
    chatModel: clean.MISTRAL_MODEL,
    embedCallsPerSecond: share(clean.MISTRAL_EMBED_CALLS_PER_SECOND),
    limits: {
      tokensPerMinute: clean.MODEL_TOKENS_PER_MINUTE,
      tokensPerDay: clean.MODEL_TOKENS_PER_DAY,
      tokensPerAgentMinute: share(clean.MODEL_TOKENS_PER_AGENT_MINUTE),
      tokensPerAgentDay: share(clean.MODEL_TOKENS_PER_AGENT_DAY),
      concurrency: share(clean.MODEL_CONCURRENCY),
    },
  };
  if (clean.MISTRAL_API_KEY) {
    const named = (text: string): string | undefined =>
      /^\s*none\s*$/i.test(text) ? undefined : text;
    return {
      model: { apiKey: clean.MISTRAL_API_KEY, serverUrl: clean.MISTRAL_SERVER_URL, ...chat },
      embedModel: named(clean.MISTRAL_EMBED_MODEL),
      previousEmbedModel: named(clean.MISTRAL_EMBED_MODEL_PREVIOUS),
    };
  }
  const serverUrl = clean.OFFLINE_MODEL_URL;
  return {
    model: serverUrl ? { apiKey: 'offline', serverUrl, ...chat } : undefined,
    embedModel: undefined,
    previousEmbedModel: undefined,
  };
}
