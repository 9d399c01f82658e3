import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { differences, loadEnvFile } from './env-file.ts';

/** Writes a file and loads it. */
function load(text: string, env: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'aura-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, '.env');
  writeFileSync(path, text);
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
    [`A="it's #1"`, "it's #1"],
    [`A="  kept  "`, '  kept  '],
    ['A=one\r', 'one'],
  ])('%j', (line, value) => {
    const { said, env } = load(`# a comment\n\n${line}\n`);
    expect(said).toEqual([]);
    expect(env['A']).toBe(value);
  });
});

describe('is said to be read differently', () => {
  test.each([
    ['A=a$b', 'put it in single quotes'],
    ['A=${B}', 'put it in single quotes'],
    ['A=a#b', 'put it in single quotes'],
    ['A=#b', 'put it in single quotes'],
    ['A=a\t#b', 'put it in single quotes'],
    ['A=a\\b', 'put it in single quotes'],
    ['A="a$b"', 'put it in single quotes'],
    ['A="a\\nb"', 'put it in single quotes'],
    ['A="a"b"', 'put it in single quotes'],
    ['A=`a`', 'put it in single quotes'],
    ["A='it\\'s'", 'choose a value without it'],
    ["A=it's#1", 'put it in double quotes'],
    ["A=it's $5", 'choose a value without it'],
    ["A='open", 'put it in double quotes'],
    ['A="open', 'put it in single quotes'],
  ])('%j', (line, advice) => {
    const { said } = load(`B=1\n${line}\n`);
    expect(said).toEqual([
      expect.stringMatching(/^\.env line 2: docker compose reads this value of A differently; /),
    ]);
    expect(said[0]).toContain(advice);
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
