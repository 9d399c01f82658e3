/** Tells by its first bytes how a file has to be read, or what it is when it cannot be. */

/** The file as a whole cannot be read; the message goes behind its name and says what to do. */
export class FileError extends Error {}

const SAVE_SHEET = 'open it where it was made and save its sheet as "CSV UTF-8"';
const EXPORT = 'export the items as CSV or JSON Lines';
const UNPACK = 'unpack it first';

/** Kinds of files by their first bytes in hexadecimal. */
const SIGNATURES: readonly (readonly [bytes: string, what: string, todo: string])[] = [
  ['d0cf11e0a1b11ae1', 'an old Excel workbook (.xls) or another Office file', SAVE_SHEET],
  ['25504446', 'a PDF', EXPORT],
  ['7b5c727466', 'a document in Rich Text', EXPORT],
  ['1f8b', 'compressed with gzip', UNPACK],
  ['425a68', 'compressed with bzip2', UNPACK],
  ['fd377a585a00', 'compressed with xz', UNPACK],
  ['28b52ffd', 'compressed with Zstandard', UNPACK],
  ['377abcaf271c', 'a 7-Zip archive', UNPACK],
  ['52617221', 'a RAR archive', UNPACK],
  ['89504e47', 'a picture (PNG)', EXPORT],
  ['ffd8ff', 'a picture (JPEG)', EXPORT],
  ['47494638', 'a picture (GIF)', EXPORT],
  ['52494646', 'a picture or a sound (RIFF)', EXPORT],
  ['53514c69746520666f726d6174', 'a SQLite database', EXPORT],
  ['50415231', 'a Parquet file', EXPORT],
];
/** Programs of an office keep their files as ZIP archives; a name inside tells them apart. */
const ARCHIVES: readonly (readonly [inside: string, what: string, todo: string])[] = [
  ['opendocument', 'an OpenDocument file (.ods)', SAVE_SHEET],
  ['word/', 'a Word document (.docx)', EXPORT],
  ['xl/', 'an Excel workbook (.xlsx)', SAVE_SHEET],
  ['[Content_Types].xml', 'an Excel workbook (.xlsx) or another Office file', SAVE_SHEET],
  ['Index/', 'a Numbers document', SAVE_SHEET],
  ['', 'a ZIP archive', UNPACK],
];
/** Marks of the byte order by their encodings; those of UTF-32 begin like one of UTF-16. */
const MARKS = [
  ['efbbbf', 'utf-8'],
  ['fffe0000', 'utf-32le'],
  ['0000feff', 'utf-32be'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
] as const;

/** The escapes by which ISO-2022-JP changes to the characters of Japan, in a text that is else ASCII. */
// oxlint-disable-next-line no-control-regex
const JAPANESE = /^[\0-\x7f]*\x1b(?:\$[@B]|\([IJ])[\0-\x7f]*$/;

/** Text has next to no bytes of control characters; more than this share of them is none. */
const MAX_CONTROL_SHARE = 0.05;
/** UTF-16 of a file whose header is in Latin letters has at least this share of zeros on one side. */
const MIN_ZERO_SHARE = 0.2;

/**
 * @param head the first bytes of a file
 * @returns the encoding of its text, as TextDecoder names it
 * @throws FileError when it is no text
 */
export function encodingOf(head: Buffer): string {
  const hex = head.toString('hex', 0, 16);
  const mark = MARKS.find(([bytes]) => hex.startsWith(bytes));
  if (mark?.[1].startsWith('utf-32')) {
    throw new FileError(`is in ${mark[1].toUpperCase()}: save it as "CSV UTF-8"`);
  }
  if (mark) return mark[1];
  const kind = binaryKind(head, hex);
  if (kind !== undefined) throw new FileError(kind);
  const zeros = zeroShares(head);
  if (zeros.odd >= MIN_ZERO_SHARE && zeros.even < MAX_CONTROL_SHARE / 5) return 'utf-16le';
  if (zeros.even >= MIN_ZERO_SHARE && zeros.odd < MAX_CONTROL_SHARE / 5) return 'utf-16be';
  if (JAPANESE.test(head.toString('latin1'))) return 'iso-2022-jp';
  if (controlShare(head) > MAX_CONTROL_SHARE) {
    throw new FileError(`is no text that can be read: ${EXPORT} in UTF-8`);
  }
  return 'utf-8';
}

function binaryKind(head: Buffer, hex: string): string | undefined {
  const isArchive = hex.startsWith('504b0304') || hex.startsWith('504b0506');
  const names = isArchive ? head.toString('latin1') : '';
  const [, what, todo] = isArchive
    ? (ARCHIVES.find(([inside]) => names.includes(inside)) ?? [])
    : (SIGNATURES.find(([bytes]) => hex.startsWith(bytes)) ?? []);
  return what === undefined ? undefined : `is ${what}: ${todo}`;
}

/** The shares of zeros among the bytes at even and at odd places. */
function zeroShares(bytes: Buffer): { readonly even: number; readonly odd: number } {
  const pairs = Math.floor(bytes.length / 2);
  if (pairs === 0) return { even: 0, odd: 0 };
  let [even, odd] = [0, 0];
  for (let i = 0; i < pairs; i++) {
    if (bytes[2 * i] === 0) even++;
    if (bytes[2 * i + 1] === 0) odd++;
  }
  return { even: even / pairs, odd: odd / pairs };
}

function controlShare(bytes: Buffer): number {
  const count = bytes.reduce((sum, byte) => sum + (byte < 0x20 && !isBlank(byte) ? 1 : 0), 0);
  return bytes.length === 0 ? 0 : count / bytes.length;
}

/** Tabs, line feeds, form feeds and returns are in texts, and at the end of old ones a Ctrl-Z. */
const isBlank = (byte: number): boolean => (byte >= 9 && byte <= 13) || byte === 0x1a;
