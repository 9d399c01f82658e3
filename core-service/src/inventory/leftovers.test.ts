import { expect, test } from 'vitest';
import { Leftovers } from './leftovers.ts';

/** @returns what is said of a text in the description */
function found(description: unknown): string[] {
  const leftovers = new Leftovers();
  leftovers.look({ line: 1 }, { id: 'a1', name: 'Tent', description });
  return leftovers.all().map(({ what }) => what);
}

test.each([
  ...[
    'NULL',
    'null',
    '(null)',
    'None',
    'NaN',
    'nan',
    'N/A',
    'undefined',
    '\\N',
    'Array',
    'Object',
  ].map((text) => [text, 'a word for nothing']),
  ...[
    '[object Object]',
    'Tent [object Object], big',
    '[object Undefined]',
    '<Item object at 0x7f3c2d1e>',
    'java.lang.Object@1b6d3586',
  ].map((text) => [text, 'an object of a program']),
  ...[
    'A tent for {{name}}.',
    '{{ item.name | upper }}',
    '{% if a %}',
    '{# note #}',
    '<%= name %>',
    '<?php echo 1 ?>',
    '<?= $name ?>',
    'For ${x} people',
    'For #{x} people',
    '$(name)',
    '%(name)s',
    '%{name}',
    'Hello {name}!',
    '{item.name}',
    '[[name]]',
    '%%NAME%%',
    '__NAME__',
    'A tent for %s.',
    'A tent for {0}',
  ].map((text) => [text, 'a mark of a template, which was not filled in']),
  ...[
    '{"en": "A tent"}',
    "{'en': 'A tent'}",
    '["Tent"]',
    '[{"a":1}]',
    'a:1:{i:0;s:1:"x";}',
    "b'A tent'",
    'QSB0ZW50IGZvciB0d28gcGVvcGxlIGFuZCBhIGRvZw==',
  ].map((text) => [text, 'data of a program']),
  ...['TypeError: x is undefined', 'Error: nothing', 'Traceback (most recent call last)'].map(
    (text) => [text, 'an error of a program'],
  ),
  ...['Lorem ipsum dolor', 'TODO', 'tbd', '-', 'xxx', 'For [insert name]'].map((text) => [
    text,
    'a placeholder',
  ]),
  ...['1-Jan', 'Mar-12', '3-Dec-2024', '2024-03-12 00:00:00'].map((text) => [
    text,
    "a spreadsheet's date",
  ]),
  ...['A [b]bold[/b] tent', '[caption id=1]x[/caption]'].map((text) => [
    text,
    'marks of a forum or of WordPress',
  ]),
  ...['A **bold** tent', 'See [this](https://a.example)'].map((text) => [
    text,
    'marks of Markdown',
  ]),
  ...['Zelt f¸r zwei', 'h‰lt', 'fŸr', 'sch÷n', 'f³r', 'sch”n', 'f□r', 'fuÌˆr'].map((text) => [
    text,
    'signs inside of a word, as of letters that were read as another encoding',
  ]),
  ['See #REF! there', "a spreadsheet's error"],
  ['#DIV/0! beds', "a spreadsheet's error"],
  ...['ein #WERT! darin', 'un #VALEUR! ici', 'x #NOM?', 'un #¡VALOR!', 'una #¿NOMBRE?'].map(
    (text) => [text, "a spreadsheet's error"],
  ),
  ...[
    'Sch?nes Zelt',
    'Ein Zelt f?r zwei.',
    'Sch??nes',
    'M?NCHEN',
    '????? ??????',
    '??????? 2',
    'Zelt (f?r zwei)',
  ].map((text) => [text, 'letters that became question marks']),
  ...['Ïàëàòêà', 'Zelt, ïàëàòêà.', 'ÐÁÌÁÔËÁ', 'ÓêçíÞ'].map((text) => [
    text,
    'Cyrillic or Greek that was read as another encoding',
  ]),
  ...[
    'CafÃ©',
    'MÃ¼ller',
    'Ã‰tÃ©',
    'â€œsoftâ€\u009d',
    'itâ€™s',
    '20Â°C',
    'ï»¿Tent',
    'Ð¿Ñ€Ð¸',
    'æ—¥æœ¬',
    'ðŸ˜€',
    'PÅ‚aszcz',
    // windows-1250, windows-1251
    'MaĹ‚y',
    'ĹĽĂłĹ‚ty',
    'fĂĽr',
    'ĐźĐ°Đ»Đ°Ń‚ĐşĐ°',
    'РџР°Р»Р°С‚РєР°',
    'CafГ©',
    'Гњber',
    '20 В°C',
    'itвЂ™s',
    'еёђзЇ·ж€·е¤–',
    // macintosh
    'Caf√©',
    'f√ºr',
    'it‚Äôs',
    '20 ¬∞C',
    // The codes of DOS: 850, 437, 866.
    'f├╝r',
    'Caf├®',
    'Caf├⌐',
    '├£ber',
    'Gr├╢├Яe',
    'itΓÇÖs',
    '╨Я╨░╨╗╨░╤В╨║╨░',
    // KOI8-R
    'п÷п╟п╩п╟я┌п╨п╟',
    'fц╪r',
    // Chinese, Japanese and Korean as macintosh, 437 and 850 read them.
    'Â∏êÁØ∑',
    'σ╕Éτ»╖',
    'Õ©Éþ»À',
    'Êó•Êú¨Ë™û',
    'µùÑµ£¼Φ¬₧',
    'µùÑµ£¼Þ¬×',
    '„ÉÜ„É≥„Éà',
    'πâåπâ│πâê',
    'ÒâåÒâ│Òâê',
    'ÌÖêÌä∏ Ï∫†Ìïë',
    'φàÉφè╕ ∞║áφòæ',
    'ÝàÉÝè© ý║áÝòæ',
    'Èú≤ÁáüÂ∏≥ÁØ∑',
    'Θ£▓τçƒσ╕│τ»╖',
    'Ú£▓þçƒÕ©│þ»À',
    // GBK
    '锟斤拷',
    '鎴峰',
    '袩邪谢邪褌泻邪',
    'f眉r',
    'Gr枚脽e',
  ].map((text) => [text, 'text that was encoded twice']),
  ...[
    'salt &amp; pepper',
    'it&#39;s',
    '&#x27;',
    'a&nbsp;b',
    'salt &amp pepper',
    'a&nbsp b &lt 5',
    'it&#39s',
    'Caf&eacute',
    'f&uuml r',
    '<p>Soft</p>',
    'a<br/>b',
    '<a href="x">b</a>',
    '<!-- x --> tent',
    '<![CDATA[A tent]]>',
    '<style>a',
  ].map((text) => [text, 'HTML']),
  ['a_x0007_b', "Excel's code for a character"],
  ...['one\\r\\ntwo', 'one\\nTwo', 'one\\ntwo', 'Tent\\tOne', 'a tab\\there', 'one\\rtwo'].map(
    (text) => [text, 'a line break or a tab that is written out'],
  ),
  ...[
    'Caf\\u00e9',
    'Caf\\u{e9}',
    '\\U0001F600',
    '\\ud83d\\ude00',
    'Caf\\xc3\\xa9',
    'Caf\\303\\251',
    'Cafu00e9 Zelt',
    'Caf=C3=A9',
    'f=FCr zwei',
    'Caf=E9',
    'a =3D b',
    'soft=20\nwarm',
    '=?utf-8?Q?Caf?=',
    'Caf+AOk-',
    'Caf%C3%A9',
    'caf%c3%a9',
    'Ein%20Zelt.',
    'soft%2C warm%2Cdry',
  ].map((text) => [text, 'a character that is written as its code']),
  ...[
    "'Tent'",
    '"Tent"',
    '“Tent, big”',
    '„Zelt“',
    '”Tält”',
    '‘Tent’',
    '`Tent`',
    '«Tente»',
    '« Tente »',
    '»Zelt«',
    '＂テント＂',
  ].map((text) => [text, 'quotes around the whole text']),
  ...['C:\\\\tents', 'Tent \\"Big\\"', "it\\'s", 'soft\\, warm'].map((text) => [
    text,
    'a character behind a backslash too many',
  ]),
])('%j looks like %s', (text, what) => {
  expect(found(text)).toEqual([what]);
});

test.each([
  'A tent for none but you.',
  'Null and void',
  'Nan bread',
  "'tis",
  "'Best' of 'all'",
  '"Best" of "all"',
  '«Best» of «all»',
  'Array of lights, Object of art',
  'For {2} people, {a, b}, 100 %, 5 % discount, 20%s',
  '[1] [a] [[1]]',
  'snake__case__names, __init__',
  'R&D &co AT&T B&amper',
  'https://shop.example/?a=1&copy=2&lt=3&amp=4',
  'me@example.com, a@1234567.example',
  '8 x 3" and 4"',
  '5" tent, 6"',
  'The “best” tent',
  'R&D; AT&T;',
  'May-be, 1-2 Jan, 12-March, MAR-12',
  'Error-free: a tent, [new] [SALE], 2 * 3 * 4 ** 2',
  'b, [1, 2], ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH=',
  'Wait…and see, 5 m³, 3 ÷ 4, 5‰, „a“ ‚b‘',
  'A to-do list, a test - and more',
  'a < b > c, 5 <6> 7',
  'C:\\new',
  'See D:\\my tents\\new\\there',
  '\\\\host\\new\\tents',
  'C:\\users\\xenon',
  'Format=A4, E=mc2, a=b, RAL=DE',
  '100%20 wool, 50% 20 cm, 5%-25%',
  'https://shop.example/a%20b%C3%A9',
  '+ABC-Tent, A+B-C',
  'Menu2010, Zulu00 and so on',
  'MAÇÃ” e «CAFÉ» … «À»',
  'Über São Paulo, naïve “café”… Ångström',
  'Привет, мир',
  '日本語 😀',
  'É» Ê… Î’',
  'snake_x_y_',
  '#1 tent',
  '### Sizes\n#value #name?',
  'How big? Very.',
  'How big?? Very!',
  'Really ? Oui, vraiment ?? Oui !',
  'Is it warm?',
  '(warm?) "dry?"',
  'See shop.example/x?y=1, page?id=7, https://a.example/foo?bar and mailto:a@b.example?subject=x',
  'Þórður, Ísafjörður, áður, óæðri',
  'Rødgrød med fløde på øen, ærø, ÆØÅ',
  'äöüß ÄÖÜ, éèàç',
  'Çadır, İstanbul, ığdır, ÇÖĞÜŞ',
  'MĂŞTI, Ăştia, CĂŢEL',
  'Płaszcz, Żółty, Ľubomír, ĎALŠÍ, ĽAHKÝ',
  'СІРІ, РІЗНІ, Її, Љубав, СЈАЈ, ГІМН, 220В, «Сталь»',
  'Ελλάδα, Ωραία σκηνή',
  '2√π, √2 ≈ 1.4, a≈b, ƒ/2.8',
  '├── src └── a ┌─┐ ╔═╗ ║',
  '帐篷户外用品，适合两个人使用。联通',
  'T恤, USB线, 露營帳篷, 日本語のテント、軽量。',
  '캠핑 텐트',
])('%j is text', (text) => {
  expect(found(text)).toEqual([]);
});

test('each kind is told once for a column, with its first row and the number of rows', () => {
  const leftovers = new Leftovers();
  const item = (description: string, more: object = {}) => ({
    id: 'a',
    name: 'A',
    description,
    ...more,
  });
  leftovers.look({ line: 2 }, item('fine'));
  leftovers.look({ line: 3 }, item('<p>a</p> &amp; <b>'));
  leftovers.look({ line: 4 }, item('x &lt; y', { attributes: { 'a&amp;b': [1, 'x', 'NULL'] } }));
  expect(leftovers.all()).toEqual([
    { column: 'description', what: 'HTML', line: 3, rows: 2, example: '<p>' },
    { column: 'attributes', what: 'a word for nothing', line: 4, rows: 1, example: 'NULL' },
    { column: 'attributes', what: 'HTML', line: 4, rows: 1, example: '&amp;' },
  ]);
});

test('names of countries and of currencies in many languages are text, in capitals too', () => {
  const regions = [
    'AT',
    'CI',
    'CW',
    'DE',
    'ES',
    'GR',
    'IS',
    'MK',
    'PL',
    'RO',
    'RU',
    'TR',
    'UA',
    'US',
  ];
  const languages = 'bg cs da el es fr hu is ja ko mk pl pt ro ru sk sr tr uk vi zh zh-Hant'.split(
    ' ',
  );
  const names = languages.flatMap((language) => [
    ...regions.map((each) => new Intl.DisplayNames(language, { type: 'region' }).of(each) ?? ''),
    ...Intl.supportedValuesOf('currency').map(
      (each) => new Intl.DisplayNames(language, { type: 'currency' }).of(each) ?? '',
    ),
  ]);
  expect(names.length).toBeGreaterThan(2_000);
  expect(names.filter((name) => found(name).length > 0)).toEqual([]);
  expect(names.filter((name) => found(name.toUpperCase()).length > 0)).toEqual([]);
});
