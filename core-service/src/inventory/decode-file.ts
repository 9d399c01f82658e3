/** The bytes of a file as text, with line feeds for all ends of lines. */
import { decoderOf, encodingNamed } from './encodings.ts';
import { encodingOf, FileError } from './file-kind.ts';

/** A file is judged by this many of its first bytes, however slowly they come. */
const HEAD_BYTES = 16_384;
/** Characters before a broken one that a message shows. */
const NEAR = 20;
/** Any of them reads any bytes, so whoever has the file must say which it is. */
const COMMON_ENCODINGS =
  'windows-1252 for Western Europe, windows-1250 for Central Europe, windows-1251 for Cyrillic, windows-1254 for Turkish, or macintosh';

export interface FileText {
  /** The beginning of the text. */
  readonly head: string;
  /** The bytes of the whole file, the beginning too. */
  readonly texts: AsyncIterable<string>;
}

/**
 * @param encoding as TextDecoder names it; undefined for what the first bytes tell
 * @throws FileError when it is no text, also while it is read
 */
export async function decodeFile(
  bytes: AsyncIterable<Buffer>,
  encoding?: string,
): Promise<FileText> {
  const chunks = bytes[Symbol.asyncIterator]();
  const head = await headOf(chunks);
  const name = encodingIn(head, encoding);
  const rest = { [Symbol.asyncIterator]: () => chunks };
  // The beginning alone may be in ASCII, which is the same in most encodings.
  const isGuess = encoding !== undefined && name === encodingNamed(encoding) && name !== 'utf-8';
  const whole = both(head, rest);
  return {
    head: decoderOf(name).decode(head).replace(/\r\n?/g, '\n'),
    texts: withoutReturns(decode(isGuess ? notInUtf8(whole, encoding) : whole, name), name),
  };
}

async function headOf(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const taken: Buffer[] = [];
  for (let length = 0; length < HEAD_BYTES;) {
    const { done, value } = await chunks.next();
    if (done) break;
    taken.push(value);
    length += value.length;
  }
  return Buffer.concat(taken);
}

function encodingIn(head: Buffer, asked: string | undefined): string {
  const found = encodingOf(head);
  if (asked === undefined || found !== 'utf-8') return found;
  const named = encodingNamed(asked);
  if (named !== 'utf-8' && isSurelyUtf8(head)) throw isInUtf8(asked);
  return named;
}

const isInUtf8 = (asked: string): FileError =>
  new FileError(`is in UTF-8 and not in ${asked}: import it without --encoding`);

/** Text of another encoding that is not in ASCII has bytes that are none of UTF-8. */
function isSurelyUtf8(head: Buffer): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const isUtf8 = canDecode(() => decoder.decode(head, { stream: true }));
  return isUtf8 && head.some((byte) => byte >= 0x80);
}

async function* both(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

/** @throws FileError at the end of a file that is in UTF-8 from its beginning to its end */
async function* notInUtf8(bytes: AsyncIterable<Buffer>, asked: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [isUtf8, isAscii] = [true, true];
  for await (const chunk of bytes) {
    isAscii &&= chunk.every((byte) => byte < 0x80);
    isUtf8 &&= canDecode(() => decoder.decode(chunk, { stream: true }));
    yield chunk;
  }
  if (!isAscii && isUtf8 && canDecode(() => decoder.decode())) throw isInUtf8(asked);
}

function canDecode(attempt: () => string | undefined): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

/** A piece of a text, and whether all bytes so far are of the encoding. */
interface Decoded {
  readonly piece: string;
  readonly isValid: boolean;
}

async function* decode(bytes: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Decoded> {
  const decoder = decoderOf(encoding);
  // What is read as ASCII is never valid where it has U+FFFD.
  const strict = encoding === 'ascii' ? undefined : new TextDecoder(encoding, { fatal: true });
  let isValid = strict !== undefined;
  for await (const chunk of bytes) {
    isValid &&= canDecode(() => strict?.decode(chunk, { stream: true }));
    yield { piece: decoder.decode(chunk, { stream: true }), isValid };
  }
  isValid &&= canDecode(() => strict?.decode());
  yield { piece: decoder.decode(), isValid };
}

/** The decoder also looks for bytes that are none of the encoding: a decoder puts U+FFFD in their place. */
async function* withoutReturns(
  texts: AsyncIterable<Decoded>,
  encoding: string,
): AsyncGenerator<string> {
  let line = 1;
  let held = '';
  let last = '';
  for await (const { piece, isValid } of texts) {
    const whole = held + piece;
    // A line feed may follow in the next piece.
    held = whole.endsWith('\r') ? '\r' : '';
    const text = whole.slice(0, whole.length - held.length).replace(/\r\n?/g, '\n');
    const broken = text.indexOf('\uFFFD');
    if (broken >= 0) throw brokenText(last, text.slice(0, broken), line, encoding, isValid);
    last = text === '' ? last : text.slice(-NEAR);
    line += text.split('\n').length - 1;
    if (text !== '') yield text;
  }
  if (held !== '') yield '\n';
}

/**
 * @param last the end of the piece before, which has been counted
 * @param isValid the file itself has U+FFFD there, in bytes that are of its encoding
 */
function brokenText(
  last: string,
  before: string,
  lines: number,
  encoding: string,
  isValid: boolean,
): FileError {
  const line = lines + before.split('\n').length - 1;
  const near = (last + before).slice(-NEAR).split('\n').at(-1) ?? '';
  const shown = JSON.stringify(`${near}\uFFFD`);
  if (isValid) {
    return new FileError(
      `has U+FFFD on line ${line}, at ${shown}: another program has put it in the place of a character that it could not read; export the items again from where they came, or write the character itself`,
    );
  }
  const bytes = `has bytes on line ${line} that are no ${encoding.toUpperCase()}, at ${shown}`;
  return new FileError(
    `${bytes}: save it as "CSV UTF-8", or name its encoding: --encoding ${COMMON_ENCODINGS}`,
  );
}
