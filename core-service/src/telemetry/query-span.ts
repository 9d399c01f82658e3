/** The CLIENT span of each SQL statement and the metric of how long statements take. */
import { SCHEMA, TELEMETRY_VERSION } from '@aura/proto/telemetry.ts';
import { performance } from 'node:perf_hooks';
import type { Attributes, Span } from '@opentelemetry/api';
import { metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { areLightSpansOn } from './light-spans.ts';
import { operationOf, summarize } from './query-summary.ts';

/** Statements of a connection that are remembered; others are described at each call. */
const MAX_STATEMENTS = 500;

const tracer = trace.getTracerProvider().getTracer('aura.core.pg', TELEMETRY_VERSION, SCHEMA);
const duration = metrics.getMeter('aura.core.pg').createHistogram('db.client.operation.duration', {
  description: 'Duration of database client operations.',
  unit: 's',
  advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
});

interface Query {
  readonly text: string;
  readonly name?: string | undefined;
}
type Callback = (error: Error | null | undefined, result?: unknown) => void;

/** The part of pg's client that is used here. */
interface PgClient {
  readonly database?: string | undefined;
  readonly host: string;
  readonly port: number;
  query: (...call: unknown[]) => unknown;
}

interface Statement {
  readonly name: string;
  readonly attributes: Attributes;
  /** The labels of the metric while all goes well. */
  readonly labels: Attributes;
}

/** Makes a span of each statement that this connection is given within another span. */
export function traceQueries(connection: object): void {
  if (!areLightSpansOn()) return;
  const client = connection as PgClient;
  const query = client.query.bind(client);
  const statements = new Map<string, Statement>();
  client.query = (...call) => {
    const asked = queryOf(call[0]);
    if (asked === undefined || trace.getActiveSpan() === undefined) return query(...call);
    const { statement, span } = start(client, statements, asked);
    const startedAt = performance.now();
    const end = (error?: unknown): void => {
      endSpan(span, error);
      const labels = error ? { ...statement.labels, ...errorType(error) } : statement.labels;
      duration.record((performance.now() - startedAt) / 1_000, labels);
    };
    const callback = call.at(-1);
    if (typeof callback === 'function') {
      call[call.length - 1] = ((error, result) => {
        end(error);
        (callback as Callback)(error, result);
      }) satisfies Callback;
      return query(...call);
    }
    return ended(query(...call) as Promise<unknown>, end);
  };
}

async function ended(work: Promise<unknown>, end: (error?: unknown) => void): Promise<unknown> {
  try {
    const result = await work;
    end();
    return result;
  } catch (error) {
    end(error);
    throw error;
  }
}

function queryOf(asked: unknown): Query | undefined {
  if (typeof asked === 'string') return { text: asked };
  const { text } = asked as Partial<Query>;
  return typeof text === 'string' ? (asked as Query) : undefined;
}

function start(client: PgClient, statements: Map<string, Statement>, { text, name }: Query) {
  let statement = statements.get(name ?? text);
  if (statement === undefined) {
    statement = describe(client, text);
    if (statements.size < MAX_STATEMENTS) statements.set(name ?? text, statement);
  }
  const { attributes } = statement;
  const span = tracer.startSpan(statement.name, { kind: SpanKind.CLIENT, attributes });
  return { statement, span };
}

function describe(client: PgClient, text: string): Statement {
  const common = {
    'db.system.name': 'postgresql',
    'db.namespace': client.database,
    'server.address': client.host,
    'server.port': client.port,
  };
  return {
    ...spanOf(text, common),
    // The SDK looks up what is frozen without working out its hash again.
    labels: Object.freeze({ ...common, 'db.operation.name': operationOf(text) }),
  };
}

/** Returns the name and the attributes of a statement's span. */
function spanOf(text: string, common: Attributes): Pick<Statement, 'name' | 'attributes'> {
  const { operation, collection, summary } = summarize(text);
  const attributes = {
    ...common,
    'db.operation.name': operation,
    ...(collection !== undefined && { 'db.collection.name': collection }),
    'db.query.summary': summary,
    'db.query.text': text,
  };
  return { name: summary, attributes };
}

/** A database's own message stays out of the span, because it can quote what is stored; core's log has it. */
function endSpan(span: Span, error: unknown): void {
  if (error) {
    const { name = 'Error' } = error as Partial<Error>;
    const { code = 'UNKNOWN' } = error as { readonly code?: string };
    const message = `PostgreSQL error of type '${name}' occurred (code: ${code})`;
    span.recordException(message);
    span.setAttributes(failureOf(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end();
}

const SQLSTATE = /^[0-9A-Z]{5}$/;

/** Returns what a span says of a statement that failed: the SQLSTATE, where the database gave one. */
export function failureOf(error: unknown): Attributes {
  const { code } = error as { readonly code?: unknown };
  const isFromDatabase = typeof code === 'string' && SQLSTATE.test(code);
  return { ...errorType(error), ...(isFromDatabase && { 'db.response.status_code': code }) };
}

function errorType(error: unknown): Attributes {
  const { code, name } = error as { readonly code?: string; readonly name?: string };
  return { 'error.type': code ?? name ?? '_OTHER' };
}
