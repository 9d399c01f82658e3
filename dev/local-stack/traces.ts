/** Where the traces of the local stack go, and who takes them. */
import { connect, isIPv4 } from 'node:net';
import { otlpEndpoint } from '../../core-service/src/otlp-endpoint.ts';

/** Milliseconds that a collector has to take a connection; then it does not answer. */
const ANSWER_MS = 1_000;

export interface TracePlan {
  /** One line for the person who starts the stack. */
  readonly said: string;
  /** Where the trace receiver must listen; undefined when the traces go elsewhere. */
  readonly receiver?: { readonly host: string; readonly port: number };
}

/**
 * Looks whether a collector takes the traces. The trace receiver takes them only where they would
 * go without it: on this machine, without TLS, at a port that nobody has.
 *
 * @param env with OTEL_* variables that were checked
 */
export async function planTraces(env: NodeJS.ProcessEnv): Promise<TracePlan> {
  const off = whyOff(env);
  if (off) return { said: `Traces: none, because ${off}` };
  const { shown, host, port, isTls, hint } = otlpEndpoint(env, 'traces');
  const why = hint ? ` (${hint})` : '';
  if (host === '' || (await listens(host, port))) return { said: `Traces: sent to ${shown}${why}` };
  const loopback = loopbackOf(host);
  if (loopback === undefined || isTls) {
    return { said: `Traces: sent to ${shown}, where nothing answers now${why}` };
  }
  const said = `Traces: printed here, because no collector listens at ${shown}`;
  return { said, receiver: { host: loopback, port } };
}

function whyOff(env: NodeJS.ProcessEnv): string | undefined {
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return 'OTEL_SDK_DISABLED is true';
  if (env['OTEL_TRACES_EXPORTER'] === 'none') return 'OTEL_TRACES_EXPORTER is none';
  return whyNotSampled(env['OTEL_TRACES_SAMPLER'] ?? '', env['OTEL_TRACES_SAMPLER_ARG']?.trim());
}

function whyNotSampled(sampler: string, share: string | undefined): string | undefined {
  const isRatio = sampler.endsWith('traceidratio');
  // An empty share counts as absent, and is 1.
  const isOff = isRatio ? share && Number(share) === 0 : sampler.endsWith('always_off');
  if (!isOff) return undefined;
  const why = `OTEL_TRACES_SAMPLER is ${sampler}`;
  const of = isRatio ? `${why} and OTEL_TRACES_SAMPLER_ARG is ${share}` : why;
  return sampler.startsWith('parentbased_')
    ? `${of}; only a request whose traceparent is sampled has one`
    : of;
}

function loopbackOf(host: string): string | undefined {
  if (host === 'localhost') return '127.0.0.1';
  return host === '::1' || (isIPv4(host) && host.startsWith('127.')) ? host : undefined;
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (answer: boolean) => () => {
      socket.destroy();
      settle(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
