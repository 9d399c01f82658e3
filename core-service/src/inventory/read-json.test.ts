/** JSON as people and programs write it, and the attributes, which are JSON in every file. */
import { describe, expect, test } from 'vitest';
import { HEADER, json, read, ROW } from '../../test/read-content.ts';

describe('attributes are refused by their key', () => {
  const twice = 'has the key "colour" twice';
  test.each<[string, string]>([
    ['{"colour":"sand","colour":"green"}', twice],
    ['{"__proto__":"x"}', 'has the key "__proto__", which cannot be kept: name it otherwise'],
    [
      '{"size":{"width":1}}',
      'has an object in "size": write texts, numbers, true or false, or one list of these',
    ],
    [
      '{"sizes":[1,[2]]}',
      'has a list inside of a list in "sizes": write texts, numbers, true or false, or one list of these',
    ],
    ['{"sizes":[1,null]}', 'has null in the list of "sizes": leave it out'],
    ['{"n":1e400}', 'has a number in "n" that is too great; write it as text'],
    ['{"n":[-1e400]}', 'has a number in "n" that is too great; write it as text'],
    ...[
      '9007199254740993',
      '-9007199254740993.0',
      '1e22',
      '0.1234567890123456789012',
      '9.00719925474099312',
      '1.00000000000000000000000000001E5',
      `0.${'1'.repeat(50)}`,
    ].flatMap((number): [string, string][] =>
      [`{"n":${number}}`, `{"n":[1,${number}]}`].map((written) => [
        written,
        `has ${number}, which has too many digits; write it as text`,
      ]),
    ),
    ['{"n":1e-400}', 'has 1e-400, which is too close to 0; write it as text'],
    [
      `{"n":0.${'12'.repeat(200)}}`,
      `has 0.${'12'.repeat(29)}…, which has too many digits; write it as text`,
    ],
    ['{"":1}', 'has a key without a name'],
    ['{"colour":"#N/A"}', "is a spreadsheet's error, #N/A"],
    ['{"colour":"sa\u202end"}', 'has U+202E, which turns the direction of what follows: delete it'],
    ['["sand"]', 'must be a JSON object of texts, numbers, true or false, or lists of these'],
  ])('%s', async (attributes, reason) => {
    const line = JSON.stringify(json({ attributes: 0 })[0]).replace(':0}', `:${attributes}}`);
    const cell = `"${attributes.replaceAll('"', '""')}"`;
    expect(await read(`${HEADER},attributes\n${ROW},${cell}`)).toEqual([
      `2, attributes: ${reason}`,
    ]);
    expect((await read(line))[0]).toBe(`1, attributes: ${reason}`);
    expect((await read(`[${line}]`))[0]).toBe(`1, attributes: ${reason}`);
  });
});

test.each([
  ['0.1', 0.1],
  ['-0.0', -0],
  ['1.50', 1.5],
  ['100', 100],
  ['1e3', 1_000],
  ['9007199254740991', 9_007_199_254_740_991],
  ['0.30000000000000004', 0.1 + 0.2],
  // Some programs write 17 digits of every number, or all of them.
  ['0.10000000000000001', 0.1],
  ['0.1000000000000000055511151231257827021181583404541015625', 0.1],
  ['5e-324', Number.MIN_VALUE],
])('the number %s in the attributes is kept as it is', async (written, value) => {
  const line = JSON.stringify(json({ attributes: 0 })[0]).replace(':0}', `:{"n":[${written}]}}`);
  const cell = `"{""n"":[${written}]}"`;
  expect(await read(line)).toMatchObject([{ attributes: { n: [value] } }]);
  expect(await read(`${HEADER},attributes\n${ROW},${cell}`)).toMatchObject([
    { attributes: { n: [value] } },
  ]);
});

describe('JSON that people and programs write otherwise', () => {
  const item = JSON.stringify(json({})[0]);
  const shape = 'must be a JSON object of texts, numbers, true or false, or lists of these';

  test.each([`[${item},]`, `[${item},\n]\n`, `[\n${item} , ]`])(
    'a comma behind the last item of an array is passed over: %j',
    async (content) => {
      expect(await read(content)).toMatchObject([{ id: 'j1' }]);
    },
  );

  test.each([
    ['single quotes', `{'id':'j1'}`, /^it has single quotes; JSON has double ones, "$/],
    ['curly quotes', '{“id”:“j1”}', /^it has curly quotes; JSON has only the straight "/],
    ['a comment at the end', `${item} // the first`, /^it has a comment, which JSON has not/],
    ['a comment inside', item.replace(',', ', /* name */'), /^it has a comment/],
    ['a comma at the end of an object', item.replace('}', ',}'), /^it has a comma before a clos/],
    ['a comma behind an object', `${item},`, /^it has a comma behind its end; delete it/],
    ['words of Python', item.replace('60', 'None'), /^it has a word of a program; JSON has true/],
    ['NaN', item.replace('60', 'NaN'), /^it has NaN or Infinity, which JSON has not/],
    ['keys without quotes', `{id:"j1"}`, /^it has a key without quotes; put it in double ones/],
  ])('%s is named', async (_what, content, words) => {
    const reason = expect.stringMatching(new RegExp(`^1: is no JSON: ${words.source.slice(1)}`));
    expect(await read(content)).toEqual([reason]);
  });

  test.each([
    ['a comment between items', `[\n// the first\n${item}]`, '2: is no JSON: it has a comment, '],
    ['a line that is a comment', `${item}\n// end\n`, '2: is no JSON: it has a comment, '],
    ['a line with #', `${item}\n# end\n`, '2: is no JSON: it has a comment, '],
  ])('%s is named at its line', async (_what, content, words) => {
    expect(await read(content)).toContainEqual(expect.stringContaining(words));
  });

  test.each([
    ['a fence around JSON', `\`\`\`json\n[${item}]\n\`\`\`\n`, 'has a fence of Markdown'],
    ['a fence below a line', `Here they are:\n\n~~~\n${item}\n~~~`, 'has a fence of Markdown'],
    ['a fence around CSV', `\`\`\`csv\n${HEADER}\n${ROW}\n\`\`\``, 'has a fence of Markdown'],
    ['a comment first', `// items\n[${item}]`, 'begins with a comment, which JSON has not'],
    ['a comment with # first', `# items, all\n[${item}]`, 'begins with a comment, which JSON'],
    ['a comment of lines first', `/* items */ [${item}]`, 'begins with a comment, which JSON'],
    ['JSON inside of a text', JSON.stringify(`[${item}]`), 'is a text with JSON inside: take'],
  ])('%s is named', async (_what, content, words) => {
    await expect(read(content)).rejects.toThrow(words);
  });

  test('a fence inside of a text is text', async () => {
    const content = `${HEADER}\n${ROW.replace('A tent.', '"Use:\n```\nsleep\n```"')}`;
    expect(await read(content)).toMatchObject([{ description: 'Use:\n```\nsleep\n```' }]);
  });

  test.each([
    [`{'wood':'oak'}`, ': it has single quotes; JSON has double ones, "'],
    ['{“wood”:“oak”}', ': it has curly quotes; JSON has only the straight ", double'],
    ['{"wood":"oak",}', ': it has a comma before a closing bracket; delete it'],
    [
      '{wood:"oak"}',
      ': it has a key without quotes; put it in double ones, ", which a shell may have taken away',
    ],
    ['{"wood":True}', ': it has a word of a program; JSON has true, false and null'],
    [
      String.raw`"{\"wood\":\"oak\"}"`,
      ': it is a text with JSON inside; take the quotes around it and the \\ away',
    ],
    ['oak', ''],
    ['"oak"', ''],
  ])('the attributes %s say what was seen', async (attributes, words) => {
    const cell = `"${attributes.replaceAll('"', '""')}"`;
    expect(await read(`${HEADER},attributes\n${ROW},${cell}`)).toEqual([
      `2, attributes: ${shape}${words}`,
    ]);
    expect(await read(JSON.stringify(json({ attributes })[0]))).toEqual([
      `1, attributes: ${shape}${words}`,
    ]);
  });
});
