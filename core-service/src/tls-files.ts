/** The PEM files by which one side of a connection speaks TLS, and whether it can do so with them. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readPem } from './pem-file.ts';

/** A file, and the variable that names it, by which its user is told what is wrong with it. */
interface NamedFile {
  readonly variable: string;
  readonly path: string;
}

export interface TlsFiles {
  /** Certificates of the authorities by which the other side is trusted. */
  readonly ca?: NamedFile | undefined;
  /** This side's own certificate, and behind it those that lead to its authority. */
  readonly certificate?: NamedFile | undefined;
  /** The private key of the certificate, without a passphrase. */
  readonly key?: NamedFile | undefined;
}

/** What the files hold, as PEM; a part is undefined where no file is named. */
export interface TlsContents {
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** When the own certificate ends, or that of an authority where there is no own one. */
  readonly validUntil: Date;
}

/** Its message has one line for each variable with which something is wrong, and nothing of what a file holds. */
export class TlsFilesError extends Error {}

/** @throws TlsFilesError for files that cannot be read or used, and for half a pair */
export function readTlsFiles(files: TlsFiles): TlsContents {
  const lines: string[] = [];
  function attempt<T>(file: NamedFile | undefined, read: (path: string) => T): T | undefined {
    if (file === undefined) return undefined;
    try {
      return read(file.path);
    } catch (error) {
      lines.push(`${file.variable} ${(error as Error).message}`);
    }
  }
  const ca = attempt(files.ca, (path) => readAuthorities(readPem(path, 'CERTIFICATE')));
  const own = attempt(files.certificate, (path) => readOwn(readPem(path, 'CERTIFICATE')));
  const key = attempt(files.key, (path) => readKey(readPem(path, 'PRIVATE KEY')));
  if (own && key && files.key && !own.first.checkPrivateKey(key.key)) {
    lines.push(`${files.key.variable} does not fit ${files.certificate?.variable}`);
  }
  if (lines.length > 0) throw new TlsFilesError(lines.join('\n'));
  const validUntil = own?.first.validToDate ?? ca?.validUntil ?? new Date(0);
  return { ca: ca?.pem, certificate: own?.pem, key: key?.pem, validUntil };
}

/** A new authority is often trusted beside one that has ended, so that one of them must be valid. */
function readAuthorities(pem: string) {
  const valid = certificatesIn(pem).filter((each) => validity(each) === undefined);
  const [first] = valid.toSorted((a, b) => Number(b.validToDate) - Number(a.validToDate));
  if (first) return { pem, validUntil: first.validToDate };
  throw new Error('has no certificate that is valid now');
}

function readOwn(pem: string) {
  const [first] = certificatesIn(pem) as [X509Certificate];
  const problem = validity(first);
  if (problem !== undefined) throw new Error(problem);
  return { pem, first };
}

function readKey(pem: string) {
  try {
    return { pem, key: createPrivateKey(pem) };
  } catch {
    throw new Error('has no private key that can be read without a passphrase');
  }
}

/** @throws Error where there is none, or one of them cannot be read */
function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
  } catch {
    // OpenSSL's words would not say which file it is.
  }
  throw new Error('has a certificate that cannot be read');
}

/** @returns why a certificate is not valid at this moment, or undefined */
function validity({ validFromDate, validToDate }: X509Certificate): string | undefined {
  const now = new Date();
  if (now > validToDate) return `has a certificate that expired on ${validToDate.toISOString()}`;
  if (now >= validFromDate) return undefined;
  return `has a certificate that is not valid before ${validFromDate.toISOString()}`;
}

/**
 * The files that variables name.
 *
 * @param values of the variables, undefined where one is not set
 * @param names of the variables
 * @returns the files, and a line for each variable that counts only together with another one
 */
export function nameTlsFiles(
  names: { readonly ca: string; readonly certificate: string; readonly key: string },
  values: Readonly<Record<string, unknown>>,
): { readonly files: TlsFiles; readonly problems: string[] } {
  const file = (variable: string): NamedFile | undefined => {
    const path = values[variable];
    return typeof path === 'string' ? { variable, path } : undefined;
  };
  const { ca, certificate, key } = names;
  const files = { ca: file(ca), certificate: file(certificate), key: file(key) };
  const problems = [
    ...(files.certificate && !files.key ? [togetherWith(certificate, key)] : []),
    ...(files.key && !files.certificate ? [togetherWith(key, certificate)] : []),
  ];
  return { files, problems };
}

/** The line for a variable that does nothing without another one. */
export function togetherWith(variable: string, other: string): string {
  return `${variable} counts only together with ${other}, which is not set`;
}
