/** Certificates that are replaced while a service runs, for new connections from then on. */
import type { Logger } from './logger.ts';
import type { TlsContents, TlsFiles } from './tls-files.ts';
import { readTlsFiles, TlsFilesError } from './tls-files.ts';

/** Milliseconds between two looks at the files. */
const LOOK_MS = 2_000;

type CaListener = (update: { readonly caCertificate: Buffer } | null) => void;
type IdentityListener = (
  update: { readonly certificate: Buffer; readonly privateKey: Buffer } | null,
) => void;

/**
 * A certificate provider of grpc-js that hands on only what can be used. grpc-js has one of its own, which
 * reads a key that is written a moment after its certificate as a pair that does not fit, and then refuses
 * every connection until its next look.
 */
export class TlsWatch {
  readonly #files: TlsFiles;
  readonly #logger: Logger;
  readonly #onCa = new Set<CaListener>();
  readonly #onIdentity = new Set<IdentityListener>();
  readonly #timer: NodeJS.Timeout;
  #contents: TlsContents;
  #refused = '';

  /** @throws TlsFilesError as at every start: there is nothing yet to go on with */
  constructor(files: TlsFiles, logger: Logger) {
    this.#files = files;
    this.#logger = logger;
    this.#contents = readTlsFiles(files);
    logger.info({ valid_until: this.#contents.validUntil }, 'tls_certificates_loaded');
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#onCa.add(listener);
    queueMicrotask(() => this.#tellCa(listener));
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#onCa.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#onIdentity.add(listener);
    queueMicrotask(() => this.#tellIdentity(listener));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#onIdentity.delete(listener);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A bad file is told once, until it is another one or good again. */
  #look(): void {
    try {
      const contents = readTlsFiles(this.#files);
      const { ca, certificate, key } = this.#contents;
      this.#refused = '';
      if (contents.ca === ca && contents.certificate === certificate && contents.key === key)
        return;
      this.#contents = contents;
      this.#logger.info({ valid_until: contents.validUntil }, 'tls_certificates_reloaded');
      for (const listener of this.#onCa) this.#tellCa(listener);
      for (const listener of this.#onIdentity) this.#tellIdentity(listener);
    } catch (error) {
      if (!(error instanceof TlsFilesError)) throw error;
      if (error.message === this.#refused) return;
      this.#refused = error.message;
      this.#logger.warn({ problems: error.message.split('\n') }, 'tls_certificates_refused');
    }
  }

  #tellCa(listener: CaListener): void {
    const { ca } = this.#contents;
    listener(ca === undefined ? null : { caCertificate: Buffer.from(ca) });
  }

  #tellIdentity(listener: IdentityListener): void {
    const { certificate, key } = this.#contents;
    if (certificate === undefined || key === undefined) return listener(null);
    listener({ certificate: Buffer.from(certificate), privateKey: Buffer.from(key) });
  }
}
