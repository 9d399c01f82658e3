/** What is wrong with the files of TLS is told at the start, by the variable and without what they hold. */
import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Authority, Certified } from '../../dev/testing/certificates.ts';
import { makeAuthority } from '../../dev/testing/certificates.ts';
import { makePemFolder } from '../../dev/testing/pem-folder.ts';
import { ConfigError, readConfig } from './config.ts';
import { readTlsFiles } from './tls-files.ts';

const HOUR_MS = 3_600_000;
const now = Date.now();
const before = { from: new Date(now - 2 * HOUR_MS), to: new Date(now - HOUR_MS) };
const later = { from: new Date(now + HOUR_MS), to: new Date(now + 2 * HOUR_MS) };
const DATE = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;

const folder = makePemFolder();
afterAll(() => folder.remove());
let authority: Authority;
let own: Certified;
let env: Record<string, string>;
beforeAll(async () => {
  authority = await makeAuthority();
  own = await authority.sign(['core']);
  env = {
    DATABASE_URL: 'postgres://aura@db/aura',
    PRICING_SECRET: 'sixteen-characters',
    GRPC_TLS_CERTIFICATE: folder.write('core.pem', own.certificate),
    GRPC_TLS_KEY: folder.write('core-key.pem', own.key),
    GRPC_TLS_CA: folder.write('ca.pem', authority.certificate),
  };
});

function linesOf(change: Readonly<Record<string, string | undefined>>): string[] {
  try {
    readConfig({ ...env, ...change });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('a pair and an authority are taken, an empty variable counts as absent', () => {
  expect(linesOf({})).toEqual([]);
  expect(linesOf({ GRPC_TLS_CA: '' })).toEqual([]);
  expect(linesOf({ GRPC_TLS_CA: '', GRPC_TLS_CERTIFICATE: '', GRPC_TLS_KEY: '' })).toEqual([]);
});

test('a chain and a bundle are taken: an authority that has ended may stand beside one that has not', async () => {
  const ended = await authority.sign(['an authority of before'], before);
  const bundle = folder.write('bundle.pem', `${ended.certificate}\n${authority.certificate}`);
  const chain = folder.write(
    'chain.pem',
    `core:\r\n${own.certificate}\r\n${authority.certificate}`,
  );
  expect(linesOf({ GRPC_TLS_CA: bundle, GRPC_TLS_CERTIFICATE: chain })).toEqual([]);
});

test('the end of the own certificate counts', () => {
  const file = (variable: string) => ({ variable, path: env[variable] ?? '' });
  const { validUntil } = readTlsFiles({
    ca: file('GRPC_TLS_CA'),
    certificate: file('GRPC_TLS_CERTIFICATE'),
    key: file('GRPC_TLS_KEY'),
  });
  expect(Math.abs(Number(validUntil) - (now + HOUR_MS))).toBeLessThan(60_000);
});

describe('half of it', () => {
  test.each([
    ['GRPC_TLS_KEY', ['GRPC_TLS_CERTIFICATE counts only together with GRPC_TLS_KEY']],
    [
      'GRPC_TLS_CERTIFICATE',
      [
        'GRPC_TLS_KEY counts only together with GRPC_TLS_CERTIFICATE',
        'GRPC_TLS_CA counts only together with GRPC_TLS_CERTIFICATE',
      ],
    ],
  ])('without %s', (name, lines) => {
    const expected = lines.map((line) => `${line}, which is not set`);
    expect(linesOf({ [name]: undefined })).toEqual(expected);
  });
});

describe('is refused', () => {
  const VARIABLES = ['GRPC_TLS_CERTIFICATE', 'GRPC_TLS_KEY', 'GRPC_TLS_CA'] as const;

  test.each(VARIABLES)('a file that is not there: %s', (name) => {
    const [line, ...others] = linesOf({ [name]: '/nowhere/it.pem' });
    expect(line).toBe(
      `${name} must name a file in PEM, and /nowhere/it.pem cannot be read: ENOENT`,
    );
    expect(others).toEqual([]);
  });

  test.each(VARIABLES)('the other kind of file: %s', (name) => {
    const other = name === 'GRPC_TLS_KEY' ? 'GRPC_TLS_CA' : 'GRPC_TLS_KEY';
    expect(linesOf({ [name]: env[other] })).toEqual([
      expect.stringMatching(
        new RegExp(`^${name} must name a file in PEM with a (certificate|private key), not /`),
      ),
    ]);
  });

  test.each(VARIABLES)('a file whose middle is damaged: %s', (name) => {
    const text = name === 'GRPC_TLS_KEY' ? own.key : own.certificate;
    const path = folder.write('damaged.pem', text.replace(/(?<=-----\n.{20}).{20}/, ''));
    const [line = '', ...others] = linesOf({ [name]: path });
    expect(line).toMatch(new RegExp(`^${name} has (no private key|a certificate)`));
    expect(others).toEqual([]);
  });

  test.each([
    ['has ended', before, 'expired on'],
    ['has not begun', later, 'is not valid before'],
  ])('a certificate that %s', async (_what, validity, words) => {
    const { certificate, key } = await authority.sign(['core'], validity);
    const lines = linesOf({
      GRPC_TLS_CERTIFICATE: folder.write('other.pem', certificate),
      GRPC_TLS_KEY: folder.write('other-key.pem', key),
    });
    const line = `^GRPC_TLS_CERTIFICATE has a certificate that ${words} ${DATE}$`;
    expect(lines).toEqual([expect.stringMatching(new RegExp(line))]);
  });

  test('authorities of which none is valid', async () => {
    const made = await Promise.all([before, later].map((each) => authority.sign(['old'], each)));
    const bundle = made.map(({ certificate }) => certificate).join('\n');
    expect(linesOf({ GRPC_TLS_CA: folder.write('old.pem', bundle) })).toEqual([
      'GRPC_TLS_CA has no certificate that is valid now',
    ]);
  });

  test('a key of another certificate', async () => {
    const { key } = await authority.sign(['other']);
    expect(linesOf({ GRPC_TLS_KEY: folder.write('other.pem', key) })).toEqual([
      'GRPC_TLS_KEY does not fit GRPC_TLS_CERTIFICATE',
    ]);
  });

  test('a key behind a passphrase', () => {
    const sealed = createPrivateKey(own.key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'hunter2',
    });
    expect(linesOf({ GRPC_TLS_KEY: folder.write('sealed.pem', String(sealed)) })).toEqual([
      'GRPC_TLS_KEY has no private key that can be read without a passphrase',
    ]);
  });
});

test('the service itself says it in one line, ends, and repeats nothing of the key', async () => {
  const { key } = await authority.sign(['other']);
  const path = folder.write('other.pem', key);
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', './src/telemetry/preload.ts', 'src/main.ts'],
    {
      cwd: join(import.meta.dirname, '..'),
      env: { PATH, ...env, GRPC_TLS_KEY: path },
      encoding: 'utf8',
    },
  );
  expect(status).toBe(1);
  expect(stderr).toBe('GRPC_TLS_KEY does not fit GRPC_TLS_CERTIFICATE\n');
  const middle = key.split('\n')[1] ?? '';
  expect(stdout + stderr).not.toContain(middle);
});
