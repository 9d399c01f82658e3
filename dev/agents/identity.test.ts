/** The request of docs/identity.md, and the programs that sign, each held against the verifier of the gateway. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSignatures } from '../../api-gateway/src/signatures/signature-base.ts';
import { createVerifier } from '../../api-gateway/src/signatures/verify-request.ts';
import { startService } from '../testing/service.ts';
import { createSigner } from './sign.ts';

const HERE = import.meta.dirname;
const URL = 'http://127.0.0.1:8000/v1/negotiate';
const folder = mkdtempSync(join(tmpdir(), 'aura-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

const page = readFileSync(join(HERE, '../../docs/identity.md'), 'utf8');
const blocks = [...page.matchAll(/^```\w*\n(.*?)\n```$/gms)].map(([, text = '']) => text);
const blockWith = (start: string): string => blocks.find((each) => each.startsWith(start)) ?? '';
const fieldsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/^([\w-]+): (.*)$/gm)].map(([, name, value]) => [name, value]),
  );

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const options = { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { status, out: stdout.trim(), err: stderr };
}
const has = (...command: string[]): boolean =>
  spawnSync(command[0] ?? '', command.slice(1)).status === 0;

const verify = createVerifier();
const now = (): number => Math.floor(Date.now() / 1_000);
const requestOf = (headers: Record<string, string>, body: string) => ({
  method: 'POST',
  targetUri: URL,
  headers,
  body: Buffer.from(body),
});

describe('the request of docs/identity.md', () => {
  const pem = blockWith('-----BEGIN');
  const body = blockWith('{"item_id"');
  const fields = blockWith('content-type');
  const { did } = createSigner(pem);

  test('is signed as it says', async () => {
    const request = requestOf(fieldsIn(fields), body);
    const [{ base } = { base: '' }] = readSignatures(request);
    expect(base).toBe(blockWith('"@method"'));
    const created = Number(/created=(\d+)/.exec(fields)?.[1]);
    expect(await verify(request, created + 1)).toMatchObject({ did, validUntil: created + 60 });
    expect(page).toContain(`\`${did}\``);
    await expect(verify(request, created + 61)).rejects.toMatchObject({
      code: 'SIGNATURE_EXPIRED',
    });
  });

  test.runIf(has('openssl', 'version'))('is what signed-curl makes of it', () => {
    const file = join(folder, 'known.pem');
    writeFileSync(file, `${pem}\n`);
    const [, CREATED, NONCE] = /created=(\d+).*nonce="(\w+)"/.exec(fields) ?? [];
    const env = { CREATED, NONCE, DRY_RUN: '1' };
    const { out } = run(join(HERE, 'signed-curl'), [file, did, URL, body], env);
    expect(out).toBe(fields);
  });
});

describe.each([[[]], [['--p256']]])('a key that agent:key makes with %j', (options) => {
  const file = join(folder, `made${options.join('')}.pem`);
  const made = run(process.execPath, [join(HERE, 'make-key.ts'), ...options, file]);

  test('is its maker\u2019s alone, and is never written over', () => {
    expect(made.status).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, 'utf8');
    const again = run(process.execPath, [join(HERE, 'make-key.ts'), file]);
    expect([again.status, again.err]).toEqual([1, expect.stringContaining('is there already')]);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('signs in TypeScript', async () => {
    const signer = createSigner(readFileSync(file, 'utf8'));
    expect(signer.did).toBe(made.out);
    const more = { 'idempotency-key': 'k' };
    const headers = signer.headers({ method: 'POST', url: URL, body: '{}', more });
    expect(await verify(requestOf(headers, '{}'), now())).toMatchObject({ did: made.out });
  });

  test.runIf(has('python3', '-c', 'import cryptography'))('signs in Python', async () => {
    const program = [
      'import json, sys, sign',
      'signer = sign.Signer(sys.argv[1])',
      'print(signer.did)',
      'print(json.dumps(signer.headers("POST", sys.argv[2], b"{}", {"idempotency-key": "k"})))',
    ].join('\n');
    const env = { PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: '1' };
    const { out, err } = run('python3', ['-c', program, file, URL], env);
    expect(err).toBe('');
    const [did, headers = ''] = out.split('\n');
    expect(did).toBe(made.out);
    const request = requestOf(JSON.parse(headers) as Record<string, string>, '{}');
    expect(await verify(request, now())).toMatchObject({ did });
  });
});

test.each([
  [[], 'name one file'],
  [['a.pem', 'b.pem'], 'name one file'],
  [['--rsa', 'a.pem'], "Unknown option '--rsa'"],
])('what is wrong with %j is said', (args, words) => {
  const { status, err } = run(process.execPath, [join(HERE, 'make-key.ts'), ...args]);
  expect([status, err]).toEqual([1, expect.stringContaining(words)]);
});

test.each([
  ['required', undefined, 1],
  ['required', 'https://shop.example', 0],
  ['optional', undefined, 0],
])('with signatures %s and PUBLIC_URL %s, the gateway warns %i times', async (mode, url, times) => {
  const gateway = await startService('api-gateway', {
    HTTP_PORT: '0',
    OTEL_TRACES_EXPORTER: 'none',
    AGENT_AUTH: mode,
    PUBLIC_URL: url,
  });
  await gateway.stop();
  const warned = gateway.lines.filter((line) => line['event'] === 'public_url_missing');
  expect(warned).toHaveLength(times);
});
