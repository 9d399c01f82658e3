/** A real API server of Kubernetes on an etcd of its own, which runs nothing but answers as any does. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortPair } from '../testing/free-ports.ts';
import type { Resource } from './manifests.ts';
import { pathOf } from './tools.ts';

interface Answer {
  readonly status: number;
  /** What the server warns of, such as a pod beyond the profile or a field that will be gone. */
  readonly warnings: string;
  readonly body: { readonly message?: string; readonly items?: readonly unknown[] };
}

export interface ApiServer {
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Stores a resource. @throws when it is refused */
  create(path: string, resource: Resource): Promise<void>;
  /** Asks what would become of a resource, and stores nothing. */
  dryRun(resource: Resource): Promise<Answer>;
  stop(): Promise<void>;
}

const POLL_MS = 200;
/** Polls until the server counts as one that does not start. */
const POLLS = 600;
/** It takes nobody without a name, where everybody may do everything. */
const TOKEN = 'of-the-tests';
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, POLL_MS));

export async function startApiServer(): Promise<ApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'aura-api-server-'));
  const [etcdPort, port] = [await freePortPair(), await freePortPair()];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${etcdPort + 1}`;
  const key = join(folder, 'accounts.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, `${TOKEN},tests,1,system:masters\n`);
  const started = [
    start('etcd', [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync',
    ]),
    start('kube-apiserver', [
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${folder}`,
      '--authorization-mode=AlwaysAllow',
      `--token-auth-file=${tokens}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      // There is no controller that would make the accounts of a namespace.
      '--disable-admission-plugins=ServiceAccount',
    ]),
  ];
  // The server makes its certificate itself, which is not there at once.
  const send: ApiServer['send'] = async (method, path, body) =>
    ask({ port, ca: readFileSync(join(folder, 'apiserver.crt')), method, path, body });
  const stop = async (): Promise<void> => {
    for (const each of started.toReversed()) {
      if (each.exitCode === null && each.kill('SIGTERM')) await once(each, 'exit');
    }
    rmSync(folder, { recursive: true });
  };
  const isReady = async (): Promise<boolean> =>
    send('GET', '/readyz').then(
      ({ status }) => status === 200,
      () => false,
    );
  for (let polls = 0; !(await isReady()); polls++) {
    if (polls === POLLS || started.some(({ exitCode }) => exitCode !== null)) {
      await stop();
      throw new Error('the API server does not start');
    }
    await pause();
  }
  return {
    send,
    create: async (path, resource) => {
      const { status, body } = await send('POST', path, resource);
      if (status !== 201) throw new Error(`${resource.metadata.name}: ${body.message}`);
    },
    dryRun: async (resource) => send('PATCH', await pathFor(send, resource), resource),
    stop,
  };
}

function start(tool: 'etcd' | 'kube-apiserver', args: readonly string[]): ChildProcess {
  const child = spawn(pathOf(tool), args, { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

/** Resources of a group by their kind, as the server itself tells them. */
async function pathFor(send: ApiServer['send'], resource: Resource): Promise<string> {
  const { apiVersion, kind, metadata } = resource;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { body } = await send('GET', root);
  const { resources = [] } = body as {
    readonly resources?: readonly { name: string; kind: string; namespaced: boolean }[];
  };
  const found = resources.find((each) => each.kind === kind && !each.name.includes('/'));
  if (!found) throw new Error(`the server knows no ${kind} of ${apiVersion}`);
  const place = found.namespaced ? `/namespaces/${metadata.namespace}` : '';
  const how = 'dryRun=All&fieldManager=test&fieldValidation=Strict&force=true';
  return `${root}${place}/${found.name}/${metadata.name}?${how}`;
}

function ask(options: {
  readonly port: number;
  readonly ca: Buffer;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}): Promise<Answer> {
  const { port, ca, method, path, body } = options;
  const type = method === 'PATCH' ? 'application/apply-patch+yaml' : 'application/json';
  const headers = { 'content-type': type, authorization: `Bearer ${TOKEN}` };
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, method, ca, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        const isJson = response.headers['content-type']?.includes('json') === true;
        const parsed = (isJson ? JSON.parse(text) : {}) as Answer['body'];
        const warnings = response.headers['warning'] ?? '';
        resolve({ status: response.statusCode ?? 0, warnings, body: parsed });
      });
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
