/** Kinds of values that core's variables have: each throws an Error that goes behind the name. */
import { isIPv6 } from 'node:net';
import { makeValidator } from 'envalid';
import { readNumber } from './numbers.ts';

export const integer = (min: number, max: number) =>
  makeValidator<number>((text) => {
    const value = readNumber(text, { min, max, isWhole: true });
    if (typeof value === 'string') throw new Error(value);
    return value;
  });

export const tokens = integer(1, 1_000_000_000_000);

/** A shell would have run these, or put a value in; Node itself has taken a pair of backticks off. */
const OF_A_SHELL = /\$\(.*\)|\$\{.*\}|`.*`|^\$[A-Z_][A-Z0-9_]*$|^openssl\s/s;

/** Whoever knows the README would know a secret that is the command which should have made it. */
function checkIsNoCommand(text: string): void {
  if (!OF_A_SHELL.test(text)) return;
  throw new Error(
    'looks like a command or a variable of a shell, which nothing runs or puts in here: write the value itself',
  );
}

export const secret = makeValidator<string>((text) => {
  checkIsNoCommand(text);
  if (text.length < 16) throw new Error('must have at least 16 characters');
  return text;
});

/** A credential goes into a header, where blanks at its ends, curly quotes and letters beyond ASCII are lost or refused. */
export const credential = (minLength: number, blanks: 'no blanks' | 'no blanks at its ends') =>
  makeValidator<string>((text) => {
    const shape = blanks === 'no blanks' ? /^[!-~]*$/ : /^(?! )[ -~]*(?<! )$/;
    if (!shape.test(text)) {
      throw new Error(`must have only visible characters of ASCII, and ${blanks}`);
    }
    checkIsNoCommand(text);
    // `docker run --env-file` and Secrets of Kubernetes keep them, where a shell, Compose and Node take them off.
    if (/^(["']).*\1$/.test(text)) throw new Error('has quotes around it: write it without them');
    if (text.length < minLength) throw new Error(`must have at least ${minLength} characters`);
    return text;
  });

/** A sign that a password has as it is would end it, and the rest would be taken for a host. */
export const databaseUrl = makeValidator<string>((text) => {
  const url = /^postgres(ql)?:\/\//.test(text) ? URL.parse(text) : null;
  const [, authority = ''] = /^\w+:\/\/([^/?#]*)/.exec(text) ?? [];
  const isAstray = url && (url.hash !== '' || /^[^=]*@/.test(url.pathname + url.search));
  if (url && !isAstray && authority.split('@').length <= 2 && isPercentEncoded(authority)) {
    return text;
  }
  const encoded = '%23 for #, %25 for %, %2F for /, %3A for :, %3F for ? and %40 for @';
  throw new Error(
    `must look like postgres://user:password@host:5432/database, with ${encoded} in the password`,
  );
});

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** An IPv6 address may be written as in a URL, with brackets. */
export const host = makeValidator<string>((text) => {
  const address = text.trim().replace(/^\[(.*:.*)\]$/, '$1');
  if (isIPv6(address) || /^[^\s/:[\]]+$/.test(address)) return address;
  const wanted = 'must be an address or a name alone, such as 127.0.0.1, ::1 or localhost';
  throw new Error(`${wanted}, not "${text}"; the port is GRPC_PORT`);
});

/** The SDK puts these behind the URL itself. */
const API_PATH = /\/v1(?:\/(?:chat\/completions|embeddings|models)?)?\/*$/;

/** The URL may have a password in it, and is not repeated. */
export const modelUrl = makeValidator<string>((text) => {
  const url = URL.parse(text.trim());
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isWeb || `${url.search}${url.hash}${url.username}${url.password}` !== '') {
    throw new Error('must be a URL such as https://api.mistral.ai, without a password, ? and #');
  }
  if (API_PATH.test(url.pathname)) {
    const found = API_PATH.exec(url.pathname)?.[0] ?? '';
    throw new Error(
      `must end before ${found}, as in https://api.mistral.ai, because that is put behind it`,
    );
  }
  return text.trim();
});
