/** How core proves who it is to its callers and, where it wants to know, they to core. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Server as TlsServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { experimental, ServerCredentials } from '@grpc/grpc-js';
import type { Logger } from '../logger.ts';
import type { TlsFiles } from '../tls-files.ts';
import { TlsWatch } from '../tls-watch.ts';

/** Milliseconds between two lines of one reason: a port has many knocks by those who only look. */
const TOLD_MS = 60_000;
/** Node tells this of its servers before they listen. */
const LISTENING = 'tracing:net.server.listen:asyncStart';

export interface Credentials {
  readonly credentials: ServerCredentials;
  close(): void;
}

/** @param files where the certificates are; without them the port speaks without TLS */
export function serverCredentials(files: TlsFiles | undefined, logger: Logger): Credentials {
  if (files === undefined) {
    return { credentials: ServerCredentials.createInsecure(), close: () => undefined };
  }
  const watch = new TlsWatch(files, logger);
  const stopTelling = tellHandshakes(logger);
  // The function takes first whose certificate is shown, then whose authorities are asked, whatever its
  // parameters are called. Without authorities callers are asked for no certificate.
  const credentials = experimental.createCertificateProviderServerCredentials(
    watch,
    files.ca ? watch : null,
    true,
  );
  return {
    credentials,
    close: () => {
      watch.close();
      stopTelling();
    },
  };
}

/** grpc-js drops a connection whose handshake fails without a word, and keeps its server to itself. */
function tellHandshakes(logger: Logger): () => void {
  const told = new Map<string, number>();
  const failed = (error: NodeJS.ErrnoException, socket: TLSSocket): void => {
    const reason = String(socket.authorizationError ?? error.code ?? error.message);
    // Somebody connected and went away, as probes of the port do.
    if (reason === 'ECONNRESET') return;
    const now = Date.now();
    if (now - (told.get(reason) ?? 0) < TOLD_MS) return;
    told.set(reason, now);
    logger.warn({ reason, peer: socket.remoteAddress }, 'tls_handshake_failed');
  };
  const listening = (message: unknown): void => {
    const { server } = message as { readonly server: unknown };
    if (server instanceof TlsServer) server.on('tlsClientError', failed);
  };
  subscribe(LISTENING, listening);
  return () => unsubscribe(LISTENING, listening);
}
