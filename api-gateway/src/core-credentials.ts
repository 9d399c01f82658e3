/** How the gateway knows core, and shows core who it is. */
import type { ChannelCredentials, ClientOptions } from '@grpc/grpc-js';
import { credentials, experimental } from '@grpc/grpc-js';
import type { Logger } from './logger.ts';
import type { TlsFiles } from './tls-files.ts';
import { TlsWatch } from './tls-watch.ts';

export interface CoreTls {
  readonly files: TlsFiles;
  /** The name in core's certificate where it is another than that of the target. */
  readonly serverName?: string | undefined;
}

export interface CoreCredentials {
  readonly credentials: ChannelCredentials;
  /** What channels need to be told beside them. */
  readonly options: ClientOptions;
  close(): void;
}

/** @param tls undefined for a core that speaks without TLS */
export function coreCredentials(tls: CoreTls | undefined, logger: Logger): CoreCredentials {
  if (tls === undefined) {
    return { credentials: credentials.createInsecure(), options: {}, close: () => undefined };
  }
  const { files, serverName } = tls;
  const watch = new TlsWatch(files, logger);
  return {
    credentials: experimental.createCertificateProviderChannelCredentials(
      watch,
      files.certificate ? watch : null,
    ),
    options: serverName === undefined ? {} : { 'grpc.ssl_target_name_override': serverName },
    close: () => watch.close(),
  };
}
