/** Tells what keeps a connection to core from being made where core is there: certificates, and who speaks TLS. */
import { describeCore } from './errors.ts';
import type { Logger } from './logger.ts';

/** What is wrong with the connection, as `/readyz`, `/health` and the log say it. */
export type ConnectionFault =
  | 'certificate_untrusted'
  | 'certificate_expired'
  | 'certificate_name_differs'
  | 'certificate_refused'
  | 'tls_differs'
  | 'handshake_failed';

/** The words of OpenSSL and Node, as grpc-js hands them on in the details of each call that fails for them. */
const FAULTS: readonly (readonly [RegExp, ConnectionFault])[] = [
  [
    /self[- ]signed certificate|unable to (?:get|verify)|issuer certificate/i,
    'certificate_untrusted',
  ],
  [/certificate (?:has expired|is not yet valid)/i, 'certificate_expired'],
  [/does not match certificate/i, 'certificate_name_differs'],
  [/alert (?:bad certificate|unknown ca|certificate \w+)/i, 'certificate_refused'],
  [/wrong version number|packet length too long|http request/i, 'tls_differs'],
  // What listens there closed the connection before it spoke: it speaks TLS and the gateway does not, or it
  // has looked at the gateway's certificate and said nothing. Core's own log says which.
  [/Last error: Failed to connect \(/, 'handshake_failed'],
];

/** @returns undefined for any other failure, and where core answered */
export function connectionFault(error: unknown): ConnectionFault | undefined {
  const { grpc_status: status, grpc_message: message = '' } = describeCore(error);
  if (status !== 'UNAVAILABLE') return undefined;
  return FAULTS.find(([words]) => words.test(message))?.[1];
}

/** Says in one line that connections fail, and in another that core answers again, however many calls there are. */
export class ConnectionLog {
  readonly #logger: Logger;
  #fault: ConnectionFault | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param error what a call failed with, null for one that was answered */
  ended(error: Error | null): void {
    if (error === null) {
      if (this.#fault === undefined) return;
      this.#fault = undefined;
      this.#logger.info('core_connection_restored');
      return;
    }
    const fault = connectionFault(error);
    if (fault === undefined || fault === this.#fault) return;
    this.#fault = fault;
    this.#logger.warn({ reason: fault, ...describeCore(error) }, 'core_connection_failed');
  }
}
