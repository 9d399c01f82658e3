/** The encodings of files by the names that people give them. */
import { FileError } from './file-kind.ts';

const ASCII = 'ascii';
const ASCII_NAMES = /^\s*(?:us-?)?ascii\s*$/i;
/** The encodings of most files that are not in Unicode, as TextDecoder names them. */
const ENCODINGS =
  'windows-1252, windows-1250, windows-1251, iso-8859-2, iso-8859-15, macintosh, shift_jis, gb18030, big5 or euc-kr';

interface Decoder {
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

/**
 * @returns the encoding of that name
 * @throws FileError that names some
 */
export function encodingNamed(name: string): string {
  if (ASCII_NAMES.test(name)) return ASCII;
  try {
    return new TextDecoder(name).encoding;
  } catch {
    const others = `name ${ENCODINGS}; or save it as "CSV UTF-8"`;
    throw new FileError(`cannot be read in ${name}, which is no name of an encoding: ${others}`);
  }
}

/** TextDecoder takes ASCII for windows-1252, and would read what is not in ASCII by guessing. */
export function decoderOf(encoding: string): Decoder {
  if (encoding !== ASCII) return new TextDecoder(encoding);
  return {
    decode: (bytes) =>
      Buffer.from(bytes ?? [])
        .toString('latin1')
        .replace(/[\u0080-\u00FF]/g, '\uFFFD'),
  };
}
