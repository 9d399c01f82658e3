import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { EnvFileError, loadEnvFile, useEnvFile } from './env-file.ts';
import { differences } from './env-lines.ts';

/** Writes a file and loads it. */
function load(text: string | Buffer, env: NodeJS.ProcessEnv = {}, example?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'aura-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, '.env');
  writeFileSync(path, text);
  if (example !== undefined) writeFileSync(`${path}.example`, example);
  return { said: loadEnvFile(path, env), env };
}

describe('is read as docker compose reads it', () => {
  test.each([
    ['A=', ''],
    ['A=plain', 'plain'],
    ['A=two words', 'two words'],
    ['A = spaced ', 'spaced'],
    ['export A=exported', 'exported'],
    ['A=value # a comment', 'value'],
    ["A=it's", "it's"],
    ['A=say "yes"', 'say "yes"'],
    ['A=postgres://a:b@[::1]:5432/c?d=e&f=g', 'postgres://a:b@[::1]:5432/c?d=e&f=g'],
    [`A='$HOME #1 "x" \\n'`, '$HOME #1 "x" \\n'],
    [`A='a b' # c`, 'a b'],
    ['A="a b" # `pwd` or B=1', 'a b'],
    ['A=a b # B or BCD=1', 'a b'],
    ['A=~1.5 %done% a~/b', '~1.5 %done% a~/b'],
    ['A="host=db PORT=1"', 'host=db PORT=1'],
    ['A=host=db port=1 X=2', 'host=db port=1 X=2'],
    [`A="it's #1"`, "it's #1"],
    [`A="  kept  "`, '  kept  '],
    ['A=one\r', 'one'],
    ["A='one\ntwo\n'", 'one\ntwo\n'],
    [
      'A="-----BEGIN KEY-----\r\nMIIB+/Q==\r\nQQ==\r\n-----END KEY-----"',
      '-----BEGIN KEY-----\nMIIB+/Q==\nQQ==\n-----END KEY-----',
    ],
    ['A=Zürich é # façon', 'Zürich é'],
  ])('%j', (line, value) => {
    const { said, env } = load(`# a comment\n\n${line}\n`);
    expect(said).toEqual([]);
    expect(env['A']).toBe(value);
  });
});

test('a variable that is set twice is said, and the last value counts', () => {
  const { said, env } = load("A=one\nB=b\n# A=no\nA='two\nB=x'\nexport A = three\nC=\n");
  expect(said.filter((line) => line.includes('too'))).toEqual([
    '.env line 4: A is set in line 1 too; this value counts',
    '.env line 6: A is set in line 4 too; this value counts',
  ]);
  expect(said.join()).not.toMatch(/one|three/);
  expect(env).toEqual({ A: 'three', B: 'b', C: '' });
});

describe('is said to be read differently', () => {
  test.each([
    ['A=a$b', 'put it in single quotes'],
    ['A=a#b', 'put it in single quotes'],
    ['A=#b', 'put it in single quotes'],
    ['A=a\t#b', 'put it in single quotes'],
    ['A=a\\b', 'put it in single quotes'],
    ['A="a$b"', 'put it in single quotes'],
    ['A="a\\nb"', 'put it in single quotes'],
    ['A="a"b"', 'put it in single quotes'],
    ["A='it\\'s'", 'choose a value without it'],
    ["A=it's#1", 'put it in double quotes'],
    ["A=it's $5", 'choose a value without it'],
    ["A='one\nit's two'", 'put it in double quotes'],
    ['A="one\n$two"', 'put it in single quotes'],
    ["A='it''s'", "put it in double quotes, with ' written once"],
    ["A='it'\\''s'", "put it in double quotes, with ' written once"],
    ["A='a'b", 'put the whole of it in one pair of quotes'],
  ])('%j', (line, advice) => {
    const { said } = load(`B=1\n${line}\n`);
    expect(said).toEqual([
      expect.stringMatching(/^\.env line 2: docker compose reads this value of A differently; /),
    ]);
    expect(said[0]).toContain(advice);
  });

  test.each([
    ["A='open", "the ' that opens the value of A is never closed; close it"],
    ['A="open\nC=1', 'the " that opens the value of A is never closed; close it'],
    ['A="open\nC="x"', 'the " that opens the value of A is closed only in line 3, after other'],
  ])('%j, whose quote stays open', (text, words) => {
    expect(load(`B=1\n${text}\n`).said).toEqual([expect.stringContaining(`.env line 2: ${words}`)]);
  });

  test.each([
    ['A=~/aura', '~/'],
    ['A="~/aura"', '~/'],
    ["A='~/aura/key.pem'", '~/'],
    ['A=~', '~'],
    ['A=$HOME/aura', '$HOME'],
    ['A=%USERPROFILE%\\aura', '%USERPROFILE%'],
  ])('%j, which a shell would complete', (line, begins) => {
    expect(load(`B=1\n${line}\n`).said).toEqual([
      `.env line 2: the value of A begins with ${begins}, which no shell completes here; write the whole path`,
    ]);
  });

  test.each([
    'A=$(openssl rand -hex 32)',
    'A="$(openssl rand -hex 32)"',
    'A=`openssl rand -hex 32`',
    'A="`openssl rand -hex 32`"',
    'A=key-`openssl rand -hex 32`',
    'A=${B}',
    'A="${B:-otherwise}"',
  ])('%j, which a shell would run or put in', (line) => {
    const { said } = load(`B=1\n${line}\n`);
    expect(said).toEqual([
      expect.stringMatching(
        /^\.env line 2: the value of A has \$\(…\), .*; write the value itself$/,
      ),
    ]);
    expect(said[0]).not.toMatch(/openssl|otherwise|single quotes/);
  });

  test.each([
    'A=mistral-large-latest MCP=off',
    'A="https://a.example" MCP="off"',
    "A='https://a.example'; export MCP='off'",
    'A=a$b MCP=off # LOG_LEVEL=info',
  ])('%j, with a second variable', (line) => {
    const { said } = load(`B=1\n${line}\n`);
    expect(said).toEqual(['.env line 2: MCP= stands in the value of A; write one variable a line']);
  });

  test('lines behind a value of several lines keep their numbers', () => {
    expect(load('A="one\ntwo"\nB=a$b').said).toEqual([expect.stringContaining('.env line 3: ')]);
  });

  test.each([
    ['\u00A0A=1', 'A is not set, because the invisible character U+00A0 stands before its ='],
    ['\u200BA=1', 'A is not set, because the invisible character U+200B'],
    ['\fA=1', 'A is not set, because the invisible character U+000C'],
    ['A\u00A0=1', 'A is not set, because the invisible character U+00A0'],
    ['export\u00A0A=1', 'A is not set, because the invisible character U+00A0'],
    ['A=\u00A01', 'the value of A has the invisible character U+00A0 in it'],
    ['A=1\u00A0', 'the value of A has the invisible character U+00A0 in it'],
    ['A=1\u00A0# comment', 'the value of A has the invisible character U+00A0 in it'],
    ['A=1\u200B2', 'the value of A has the invisible character U+200B in it'],
    ['A="1\uFEFF"', 'the value of A has the invisible character U+FEFF in it'],
    ['A=1\rB=2', 'the value of A has the invisible character U+000D in it'],
  ])('%j, with what nobody sees', (line, words) => {
    expect(load(`${line}\n`).said).toEqual([expect.stringContaining(`.env line 1: ${words}`)]);
  });

  test('bytes that are no UTF-8, by the variable whose value has them', () => {
    const { said } = load(
      Buffer.from('# caf\xe9\nA=1\nB=Gr\xfc\xdfe # \xe9\nC=2 # \xe9\n', 'latin1'),
    );
    expect(said).toEqual([
      expect.stringContaining('.env line 3: the value of B has bytes that are no UTF-8'),
    ]);
    expect(said.join()).not.toContain('Gr');
  });

  test.each(['A: 1', 'A', 'A-B=1', '1A=1', '=1'])('%j, which is no assignment', (line) => {
    expect(load(line).said).toEqual([
      expect.stringContaining('.env line 1: this is not NAME=value'),
    ]);
  });

  test('without the value, which may be a secret', () => {
    expect(load('PRICING_SECRET=pa$$word#1').said.join()).not.toMatch(/pa|word/);
  });
});

test('a set variable wins, an empty one too, and a byte order mark is no part of a name', () => {
  const { env } = load('\ufeffA=1\nB=2\nC=3\nC=4', { B: '', C: undefined });
  expect(env).toEqual({ A: '1', B: '', C: '4' });
});

test.each([
  ['UTF-16LE', Buffer.from('\ufeffA=1\r\n', 'utf16le'), '.env is in UTF-16'],
  ['UTF-16BE', Buffer.from('\ufeffA=1\r\n', 'utf16le').swap16(), '.env is in UTF-16'],
  [
    'UTF-16 without a mark',
    Buffer.from('A=1\r\n', 'utf16le'),
    'has NUL bytes, as a file in UTF-16',
  ],
])('of %s nothing is read, and one line says so', (_name, bytes, words) => {
  const env: NodeJS.ProcessEnv = {};
  expect(() => load(bytes, env)).toThrow(EnvFileError);
  expect(() => load(bytes, env)).toThrow(words);
  expect(env).toEqual({});
});

test('whoever uses the file is told on stderr, and whether to go on', () => {
  const complain = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => complain.mockRestore());
  const folder = mkdtempSync(join(tmpdir(), 'aura-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const env: NodeJS.ProcessEnv = {};
  expect(useEnvFile(folder, env)).toBe(false);
  expect(complain.mock.lastCall).toEqual(['.env cannot be read: EISDIR']);
  writeFileSync(join(folder, '.env'), 'A=1\u00A0');
  expect(useEnvFile(join(folder, '.env'), env)).toBe(true);
  expect(complain.mock.lastCall?.[0]).toMatch(/^\.env line 1: the value of A has the invisible/);
  expect(complain).toHaveBeenCalledTimes(2);
});

describe('a name that nothing reads is said, with the one that may be meant', () => {
  const example = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
  test.each([
    ['HIGH_VALUE_TRESHOLDS', 'is HIGH_VALUE_THRESHOLDS meant?'],
    ['HTTPPORT', 'is HTTP_PORT meant?'],
    ['http_port', 'is HTTP_PORT meant?'],
    ['MISTRAL_KEY', 'is MISTRAL_API_KEY meant?'],
    ['DATABSE_URL', 'is DATABASE_URL meant?'],
    ['OTEL_TRACE_SAMPLER', 'is OTEL_TRACES_SAMPLER meant?'],
    ['WAREHOUSE', '.env.example has all variables'],
  ])('%s', (name, words) => {
    const { said, env } = load(`${name}=geheim`, {}, example);
    expect(said).toEqual([`.env sets ${name}, which nothing reads; ${words}`]);
    expect(env[name]).toBe('geheim');
  });

  test.each(['HTTPS_PROXY', 'NODE_OPTIONS', 'COMPOSE_PROJECT_NAME', 'OTEL_LOG_LEVEL', 'TZ'])(
    '%s is for other programs',
    (name) => {
      expect(load(`${name}=x`, {}, example).said).toEqual([]);
    },
  );

  test('and none of those that the example has', () => {
    const names = example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm);
    const filled = [...names].map(([, name]) => `${name}=x`).join('\n');
    expect(load(filled, {}, example).said).toEqual([]);
  });
});

test('there may be no file', () => {
  expect(loadEnvFile('/no/such/.env', {})).toEqual([]);
});

test('.env.example is read by both alike, with every variable set', () => {
  const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
  expect(differences(text)).toEqual([]);
  const names = Object.keys(parseEnv(text));
  expect(names).toContain('CORS_ORIGINS');
  const filled = names.map((name) => `${name}='$ # " and spaces'`).join('\n');
  expect(load(filled).said).toEqual([]);
});
