/** Texts in UTF-8 that were read as another encoding and written in UTF-8 once more. */

/** Bytes 0x80 to 0xBF as windows-1252 and Latin-1 read them, without those that end quotes and sentences. */
const REST = '[\\u0080-\\u00BA\\u00BC-\\u00BF€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™šœžŸ]';
const ANY_REST = `(?:${REST}|[\\u00BB‘’“”–—…›])`;
const WESTERN = [
  `[ÃÂ]${REST}`,
  'â€.?',
  'ï»¿|ï¿½',
  // Cyrillic and Greek have two bytes a letter; Chinese, Japanese and Korean three; emoji four.
  `(?:[ÎÏÐÑ]${ANY_REST}){2,}`,
  `(?:[à-ï]${ANY_REST}{2}){2,}`,
  `ð${ANY_REST}{3}`,
];

/** Polish and Romanian words in capitals have some of these pairs, so those need a small letter before. */
const CENTRAL_EUROPEAN = [
  '[ĂĹ][\\u0080-\\u00BA\\u00BC-\\u00BF€‚„†‡‰‹•™›śťžźˇ˘˛ł˝ľżąĽ]',
  '(?<=\\p{Ll})[ĂÄĹ][ŠŚŤŽŹŁĄŞŻšş‘’–—…]',
  '(?:[ĐŃ][^\\0-\\x7f]){3,}',
  // So are the letters of Central Europe read as windows-1252 and windows-1250.
  '(?<=\\p{Ll})[ÄÅ][\\u0080-\\u009F\\u00A1-\\u00BA\\u00BC-\\u00BF‚„†‡ˆ‰‹•™Œšžœźťľ]',
  '[ÄÅ][\\u00A1-\\u00BA\\u00BC-\\u00BF‚„†‡ˆ‰‹•™](?=\\p{Ll})',
];

/** These are no capitals: Ukrainian and Serbian words in capitals may have two of the pairs. */
const CYRILLIC_SMALL = 'ѓђљњћќџўјґёєѕії‚„…†‡€‰‹‘’“”•–—™›\\u00A0¤¦§©«¬\\u00AD®°±µ¶·№»';
const CYRILLIC_REST = `[${CYRILLIC_SMALL}ЂЃЉЊЌЋЏЎЈҐЁЄЇІЅ]`;
const CYRILLIC = [
  `(?:[РС]${CYRILLIC_REST}){1,20}[РС][${CYRILLIC_SMALL}]`,
  `[РС][${CYRILLIC_SMALL}](?:[РС]${CYRILLIC_REST})+`,
  `(?:[ОП][${CYRILLIC_SMALL}]){3,}`,
  `(?:[г-й]${CYRILLIC_REST}{2}){2,}`,
  // Letters of Western and Central Europe stand in words of the Latin alphabet.
  `(?<=[A-Za-z])[В-Е]${CYRILLIC_REST}|[В-Е]${CYRILLIC_REST}(?=[A-Za-z])`,
  'Г[©¶®±¤§¦¬]',
  'вЂ.',
];

/** Bytes 0x80 to 0xBF as macintosh, and codes 437 and 850, read them; the blank of 850 is U+00A0. */
const MAC_REST = '[ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø]';
const DOS_437_REST = '[ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐]';
const DOS_850_REST = '[ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐]';

/** Formulas have some of the same signs; they are told behind a letter only. */
const MAC = [
  '[√ƒ][ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†¢£§•¶ß®©™´¨≠ÆØ¥∂∑∏∫ªºΩæø]',
  '(?<=[A-Za-z])[√ƒ≈][°∞±≤≥µπÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†¢£§ªºΩæø]',
  '¬[∞†©®]',
  '‚Ä[ôòúùìîû¶¢ü]',
  // Chinese and Japanese have three bytes a letter.
  `(?:[„‰ÂÊÁËÈÍÎÏÌ]${MAC_REST}{2}){2,}`,
  '(?:[–—][ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø]){3,}',
];

const DOS_REST = '[\\p{L}░▒▓│┤╡╢╖╕╣║╗╝╜╛┐½¼¬⌐®©£¥¢×ªº¿¡«»]';
/** Codes 437, 850, 852 and 866, and KOI8-R: frames beside letters are no words, nor are they drawings. */
const DOS = [
  `(?<=\\p{L})[├┬┼─]${DOS_REST}`,
  `[├┼]${DOS_REST}(?=\\p{L})`,
  `(?:[╨╤╬╧]${DOS_REST}){2,}`,
  '┬[░®©]',
  `ÔÇ${DOS_REST}`,
  // Chinese and Japanese have three bytes a letter, Korean too.
  `(?:[πΣσµμτΦΘδ∞φ]${DOS_437_REST}{2}){2,}`,
  `(?:[ÒõÕµμþÞÚÛÙýÝ]${DOS_850_REST}{2}){2,}`,
  'ΓÇ.|тА[УФЩЬЭж]',
  `(?:[ðÐ]${DOS_REST}){3,}`,
  '(?:[пян][─-■°²·÷]){2,}|(?<=[A-Za-z])[б-ец][─-■°²·÷]|[б-ец][─-■√≈°²·÷](?=[A-Za-z])|Б[─└┌][°²≥∙■╛╒]',
  // At the beginning of a word no letter stands before; a drawing has a blank or another frame there.
  '(?<![─-╿])├(?![A-Za-z])[\\p{sc=Latn}\\p{sc=Grek}\\p{sc=Cyrl}×]|─[ìŹ░](?=\\p{Ll})|─\\p{sc=Cyrl}(?=[A-Za-z])',
  '(?<=\\p{L})[├┼][¤¨¯](?=\\p{L})|(?<![─-╿])┬[╜¢Żй](?![─-╿])',
  // The signs of the euro and of a trade mark, and emoji.
  '[ΓÔ](?:é[¼Č]|äó)|т(?:Вм|Дв)|[≡\\u00AD]ƒ\\S{2}|ЁЯ\\S{2}',
  // Cyrillic by the codes 852 and 857; Chinese, Japanese and Korean by 866, whose capitals stand inside of words.
  `(?:[đĐ]${DOS_REST}){3,}|(?:[ºª]${DOS_REST}){3,}`,
  '(?:[у-э](?:[А-Я][А-Яа-п─-▓]|[а-п─-▓][А-Я─-▓])){2,}',
];

const ENCODED_TWICE = new RegExp(
  // The last one is what GBK makes of characters that were lost before.
  [...WESTERN, ...CENTRAL_EUROPEAN, ...CYRILLIC, ...MAC, ...DOS, '(?:锟斤拷)+'].join('|'),
  'u',
);

/** So many characters in a row are taken back into bytes, or one inside of a Latin word; fewer may be UTF-8 by chance. */
const CHINESE = /[\p{sc=Han}\p{Co}€][^\0-\x7f]{2,}|(?<=[A-Za-z])\p{sc=Han}{1,2}(?=[a-z])/gu;
/** Chinese, Japanese and Korean; Cyrillic; the letters of Europe. The last may have lost bytes. */
const DECODED =
  /^(?:[\u3000-\u9FFF\uAC00-\uD7AF\uFF00-\uFFEF]{2,}\uFFFD?|[Ѐ-ӿ]{3,}\uFFFD?|[À-ſ]{1,2})$/u;

/** @returns the first part of a text that looks so, where the other encoding has one byte a letter */
export function encodedTwiceByBytes(text: string): string | undefined {
  return /[^\0-\x7f]/.test(text) ? ENCODED_TWICE.exec(text)?.[0] : undefined;
}

/** @returns the first part of a text that looks so */
export function encodedTwice(text: string): string | undefined {
  return encodedTwiceByBytes(text) ?? text.match(CHINESE)?.find((each) => isUtf8ReadAsGbk(each));
}

/** The encodings of a byte a letter in which texts in UTF-8 are read by mistake, as TextDecoder names them. */
const READ_AS = [
  'windows-1252',
  'windows-1251',
  'windows-1250',
  'macintosh',
  'ibm866',
  'koi8-r',
] as const;

/** @returns the text in UTF-8 of which this was made; undefined where it does not look so, or cannot be */
export function decodeTwice(text: string): string | undefined {
  if (encodedTwiceByBytes(text) === undefined) return undefined;
  for (const encoding of READ_AS) {
    const bytes = [...text].map((each) => bytesOf(encoding).get(each));
    if (bytes.includes(undefined)) continue;
    try {
      return UTF_8.decode(Uint8Array.from(bytes as number[]));
    } catch {
      // It is another one.
    }
  }
  return undefined;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });
const bytesByEncoding = new Map<string, ReadonlyMap<string, number>>();

/** The byte of each character of an encoding; Node has the way from bytes to text alone. */
function bytesOf(encoding: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(encoding);
  const known =
    bytesByEncoding.get(encoding) ??
    new Map(range(0, 0xff).map((byte) => [decoder.decode(Uint8Array.of(byte)), byte]));
  bytesByEncoding.set(encoding, known);
  return known;
}

function isUtf8ReadAsGbk(characters: string): boolean {
  const bytes = [...characters].map((each) => gbkCodes().get(each));
  if (bytes.includes(undefined)) return false;
  const decoded = new TextDecoder().decode(Buffer.from(bytes.flatMap((each) => [...(each ?? [])])));
  return DECODED.test(decoded);
}

let codes: ReadonlyMap<string, readonly number[]> | undefined;

/** The two bytes of each character of GBK; Node has the way from bytes to text alone. */
function gbkCodes(): ReadonlyMap<string, readonly number[]> {
  codes ??= new Map(
    range(0x81, 0xfe).flatMap((lead) =>
      range(0x40, 0xfe)
        .filter((rest) => rest !== 0x7f)
        .map((rest) => [decodeGbk(lead, rest), [lead, rest]] as const),
    ),
  );
  return codes;
}

const GBK = new TextDecoder('gbk');
const decodeGbk = (...bytes: readonly number[]): string => GBK.decode(Uint8Array.from(bytes));
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
