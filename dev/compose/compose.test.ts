/** These tests run compose.yml on a real engine: the user's tour, each fault under load, several replicas. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { figuresOf } from './figures.ts';
import type { Load, Outcome } from './load.ts';
import { count, startLoad } from './load.ts';
import type { Stack } from './stack.ts';
import { describeStack, docker, inspect, isReady, until } from './stack.ts';

const SERVICES = ['api-gateway', 'core-service', 'db', 'jaeger', 'offline-model'] as const;
const OURS = ['api-gateway', 'core-service', 'offline-model'] as const;
/** Milliseconds that the load runs without a failure before the fault, and again after it. */
const CALM_MS = 2_000;

const stack: Stack = await describeStack();
const figures: string[] = [];

async function up(...args: string[]): Promise<number> {
  const began = Date.now();
  await stack.run('up', '--detach', ...args);
  await until('ready', () => isReady(stack));
  return Date.now() - began;
}

async function the(service: string): Promise<string> {
  const [container = ''] = await stack.containers(service);
  return container;
}

function load(agent: string): Load {
  const running = startLoad(stack.gateway, `did:example:${agent}`);
  onTestFinished(() => running.stop());
  return running;
}

async function post(
  path: string,
  body: object,
  more: Record<string, string> = {},
): Promise<{ status: number; body: any }> {
  const headers = { 'content-type': 'application/json', ...more };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${stack.gateway}${path}`, init);
  return { status: response.status, body: await response.json() };
}

beforeAll(async () => {
  await stack.run('build');
  figures.push(`ready ${((await up()) / 1_000).toFixed(1)} s after up, volumes new`);
});

afterAll(async () => {
  console.log(figures.join('\n'));
  await stack.run('--profile', 'test', 'down', '--volumes', '--timeout', '5');
});

describe('the tour', () => {
  test('each part is healthy, and the migration has ended well', async () => {
    for (const service of SERVICES) {
      await until(`${service} is healthy`, async () => {
        const { Status: status } = await inspect<any>(await the(service), '.State.Health');
        return status === 'healthy';
      });
    }
    expect(await inspect(await the('migrate'), '.State.ExitCode')).toBe(0);
  });

  test('a search, a haggle and a deal', async () => {
    const query = 'cheap place near the beach in Bali';
    const found = await post('/v1/search', { query, limit: 1 });
    expect(found.body.results[0]).toMatchObject({ id: 'hostel_beta', price: 50, currency: 'USD' });

    const bid = { item_id: 'hostel_beta', agent_did: 'did:example:buyer' };
    const first = await post('/v1/negotiate', { ...bid, bid_amount: 40 });
    expect(first.body.status).toBe('countered');
    const { session_token, data } = first.body;
    const bidAgain = { ...bid, bid_amount: data.proposed_price, session_token };
    const second = await post('/v1/negotiate', bidAgain);
    expect(second.body).toMatchObject({
      status: 'accepted',
      data: { final_price: data.proposed_price, reservation_code: expect.stringMatching(/^AURA-/) },
    });
    const seller = ['exec', '-T', 'core-service', 'node', 'src/cli.ts', 'deals'];
    const code = second.body.data.reservation_code;
    expect(await stack.run(...seller, 'list', '--status', 'held')).toContain(`code ${code}`);
    expect(await stack.run(...seller, 'confirm', code)).toContain('confirmed');
  });

  test('the telemetry test passes from the host, and in a container', async () => {
    const env = { ...process.env, GATEWAY_URL: stack.gateway, JAEGER_URL: stack.jaeger };
    const script = join(import.meta.dirname, '../../test_telemetry.ts');
    const child = spawn(process.execPath, [script], { env, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([0, null]);

    const output = await stack.run('run', '--rm', 'telemetry-test');
    expect(output).toContain('All checks passed.');
    expect(output).toContain(`http://localhost:${stack.env['JAEGER_UI_PORT']}/trace/`);
  });

  test('the docs page and the API’s description are served', async () => {
    const page = await fetch(`${stack.gateway}/docs/`);
    const title = expect.stringContaining('<title>Aura: the API</title>');
    expect([page.status, await page.text()]).toEqual([200, title]);
    const description = (await (await fetch(`${stack.gateway}/openapi.json`)).json()) as any;
    expect(Object.keys(description.paths)).toContain('/v1/negotiate');
  });
});

describe('what the containers may do', () => {
  test('ours run as nobody special, and change no file', async () => {
    for (const service of OURS) {
      const container = await the(service);
      const limits = await inspect<any>(container, '.HostConfig');
      expect(limits).toMatchObject({
        ReadonlyRootfs: true,
        Init: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges:true'],
        RestartPolicy: { Name: 'unless-stopped' },
      });
      expect(limits.Memory).toBeGreaterThan(0);
      expect(await inspect(container, '.Config.User')).toBe('node');
      const write = `fs.writeFileSync('/app/new', '')`;
      const { code, output } = await docker('exec', container, 'node', '-e', write);
      expect([code, output]).toEqual([1, expect.stringContaining('EROFS')]);
    }
  });

  test('the services’ images have neither dev/ nor tests nor development dependencies', async () => {
    for (const service of ['api-gateway', 'core-service'] as const) {
      const list = `console.log(fs.readdirSync('/app', { recursive: true }).join('\\n'))`;
      const { output } = await docker('exec', await the(service), 'node', '-e', list);
      const files = output.split('\n');
      expect(files).toContain(`${service}/src/main.ts`);
      const wrong = [
        /^dev(\/|$)/,
        /^(proto|api-gateway|core-service)\/(?!node_modules\/).*\.test\.ts$/,
        /^node_modules\/\.pnpm\/(vitest|typescript|oxlint|@electric-sql|node-linux)[^/]*$/,
        /^node_modules\/.*\.(map|d\.ts)$/,
      ];
      expect(files.filter((file) => wrong.some((each) => each.test(file)))).toEqual([]);
    }
  });

  test('only this machine reaches what is published, and only what a user needs is', async () => {
    const published: string[] = [];
    for (const service of SERVICES) {
      const ports = await inspect<any>(await the(service), '.NetworkSettings.Ports');
      for (const [port, bindings] of Object.entries<any>(ports)) {
        for (const { HostIp } of bindings ?? []) published.push(`${HostIp} ${port}`);
      }
    }
    const ports = ['16686/tcp', '4317/tcp', '4318/tcp', '8000/tcp'];
    expect(published.toSorted()).toEqual(ports.map((port) => `127.0.0.1 ${port}`));
  });

  test('the pricing secret is made for this installation, and told to nobody', async () => {
    const read = `process.stdout.write(fs.readFileSync('/var/lib/aura/pricing-secret'))`;
    const { output: secret } = await docker('exec', await the('core-service'), 'node', '-e', read);
    expect(secret).toMatch(/^[\w-]{43}$/);
    const logs = await stack.run('logs', '--no-color');
    const config = (await docker('inspect', await the('core-service'))).output;
    expect(logs + config).not.toContain(secret);
  });
});

/** Expects that every request was answered, with 200, or with 503 and when to come back. */
function expectOnlyRefusals(outcomes: readonly Outcome[]): void {
  const others = outcomes.filter(({ status }) => status !== 200 && status !== 503);
  expect(count(others)).toEqual({});
  const rude = outcomes.filter((each) => each.status === 503 && each.retryAfter === undefined);
  expect(rude).toEqual([]);
}

/**
 * Keeps the load up from before `fault` until all is well again for a while.
 *
 * @param fault resolves when it has struck
 */
async function underLoad(
  title: string,
  fault: () => Promise<unknown>,
): Promise<readonly Outcome[]> {
  const running = load(title.replaceAll(' ', '-'));
  await until('the load runs', () => running.outcomes.length > 100);
  await wait(CALM_MS);
  const calm = running.outcomes.length;
  expect(count(running.outcomes)).toEqual({ 200: expect.any(Number) });
  const struck = Date.now();
  await fault();
  // All is well again when there was nothing but 200 for a while.
  await until('a calm time', () => {
    const since = Date.now() - CALM_MS;
    const last = running.outcomes.filter(({ at }) => at > since);
    return since > struck && last.length > 20 && last.every(({ status }) => status === 200);
  });
  await running.stop();
  const after = running.outcomes.slice(calm);
  const lastFault = after.findLast(({ status }) => status !== 200);
  figures.push(figuresOf(title, running.outcomes, lastFault ? lastFault.at - struck : 0));
  return running.outcomes;
}

describe('under load from 50 connections', () => {
  test('restart core-service gives 503 at worst', async () => {
    const outcomes = await underLoad('restart core-service', () =>
      stack.run('restart', 'core-service'),
    );
    expectOnlyRefusals(outcomes);
    expect(outcomes.some(({ status }) => status === 503)).toBe(true);
  });

  test('restart db gives 503 at worst', async () => {
    const outcomes = await underLoad('restart db', () => stack.run('restart', 'db'));
    expectOnlyRefusals(outcomes);
  });

  test.each(['core-service', 'db'] as const)('kill -9 of %s gives 503 at worst', async (name) => {
    const container = await the(name);
    const outcomes = await underLoad(`kill -9 ${name}`, () => stack.kill9(container));
    expectOnlyRefusals(outcomes);
    expect(await inspect(container, '.RestartCount')).toBeGreaterThan(0);
  });

  test.each(['jaeger', 'offline-model'] as const)(
    'kill -9 of %s is not seen at all',
    async (name) => {
      const container = await the(name);
      const outcomes = await underLoad(`kill -9 ${name}`, async () => {
        await stack.kill9(container);
        await until('it is back', async () => (await inspect(container, '.RestartCount')) !== 0);
      });
      expect(count(outcomes)).toEqual({ 200: expect.any(Number) });
    },
  );

  test('kill -9 of api-gateway cuts connections, and it comes back by itself', async () => {
    const container = await the('api-gateway');
    const outcomes = await underLoad('kill -9 api-gateway', () => stack.kill9(container));
    const expected = new Set([200, 503, 'ECONNRESET', 'ECONNREFUSED']);
    expect(count(outcomes.filter(({ status }) => !expected.has(status)))).toEqual({});
  });
});

describe('a stop under load', () => {
  test('loses no accepted request and no last span, and every container ends with 0', async () => {
    const agent = 'stopped';
    const running = load(agent);
    await until('the load runs', () => running.outcomes.length > 500);
    const began = Date.now();
    await stack.run('stop', 'api-gateway', 'core-service');
    const services = Date.now() - began;
    await running.stop();
    const { outcomes } = running;
    figures.push(figuresOf(`stop of both services, ${services} ms`, outcomes));

    // Each bid that reached the database was answered, and each answer stands in the database.
    const bids = outcomes.filter(({ path, status }) => path === '/v1/negotiate' && status === 200);
    const where = `agent_did = 'did:example:${agent}'`;
    const rows = await stack.sql(`select count(*) from negotiation_sessions where ${where}`);
    expect(Number(rows)).toBe(bids.length);
    expect(outcomes.filter(({ status }) => Number(status) >= 500)).toEqual([]);

    // These are the last requests, whose spans were still waiting to be sent.
    for (const { traceId } of outcomes.filter(({ status }) => status === 200).slice(-20)) {
      const { data } = (await (await fetch(`${stack.jaeger}/api/traces/${traceId}`)).json()) as any;
      const names = Object.values<any>(data[0].processes).map(({ serviceName }) => serviceName);
      expect(new Set(names)).toEqual(new Set(['aura-core', 'aura-gateway']));
    }

    const stopping = Date.now();
    await stack.run('stop');
    const all = services + Date.now() - stopping;
    figures.push(`stop of everything: ${(all / 1_000).toFixed(1)} s`);
    for (const service of SERVICES) {
      const { ExitCode, OOMKilled } = await inspect<any>(await the(service), '.State');
      expect([service, ExitCode, OOMKilled]).toEqual([service, 0, false]);
    }
    figures.push(`ready ${((await up()) / 1_000).toFixed(1)} s after up, volumes kept`);
  });
});

describe('saved and restored as docs/operations.md says', () => {
  test('deals, haggles under way and answered keys are there again', async () => {
    const page = await readFile(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const section = /## Save and restore\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
    const [save = '', restore = ''] = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(
      ([, lines]) => lines,
    );
    const folder = await mkdtemp(join(tmpdir(), 'aura-backup-'));
    onTestFinished(() => rm(folder, { recursive: true }));

    const bid = { item_id: 'hostel_beta', agent_did: 'did:example:saved' };
    const deal = await post('/v1/negotiate', { ...bid, bid_amount: 50 });
    const key = { 'idempotency-key': 'saved' };
    const haggle = await post('/v1/negotiate', { ...bid, bid_amount: 40 }, key);
    expect([deal.body.status, haggle.body.status]).toEqual(['accepted', 'countered']);
    expect(await stack.shell(folder, save)).toMatchObject({ code: 0 });

    await stack.run('down', '--volumes', '--timeout', '5');
    expect(await stack.shell(folder, restore)).toMatchObject({ code: 0 });
    const { reservation_code: code, final_price: price } = deal.body.data;
    const found = await fetch(`${stack.gateway}/v1/reservations/${code}`);
    expect(await found.json()).toMatchObject({ status: 'held', price });
    const again = await post('/v1/negotiate', { ...bid, bid_amount: 40 }, key);
    expect(again.body).toEqual(haggle.body);
    const { session_token } = haggle.body;
    const next = await post('/v1/negotiate', { ...bid, bid_amount: 41, session_token });
    expect(next.body.data.proposed_price).toBeLessThan(haggle.body.data.proposed_price);
  });
});

describe('several replicas', () => {
  const answered = async (container: string): Promise<number> => {
    const { output } = await docker('logs', container);
    return output.match(/"event":"(search_completed|negotiation_countered)"/g)?.length ?? 0;
  };

  test('share the calls; one taken away and one added are noticed, and nobody sees it', async () => {
    await up('--scale', 'core-service=3');
    const replicas = await stack.containers('core-service');
    expect(replicas).toHaveLength(3);
    const running = load('replicas');
    const all = await until('all three answer', async () => {
      const each = await Promise.all(replicas.map(answered));
      return each.every((n) => n > 50);
    });
    figures.push(`3 replicas, each asked more than 50 times: ${(all / 1_000).toFixed(1)} s`);

    await stack.run('up', '--detach', '--scale', 'core-service=2', '--no-recreate');
    await wait(CALM_MS);
    await stack.run('up', '--detach', '--scale', 'core-service=3', '--no-recreate');
    const added = (await stack.containers('core-service')).find((id) => !replicas.includes(id));
    await until('the new one answers', async () => (await answered(added!)) > 0);
    const { output: log } = await docker('logs', added!);
    const at = (event: RegExp): number => {
      const line = log.split('\n').find((each) => event.test(each)) ?? '{}';
      return Date.parse(JSON.parse(line).timestamp);
    };
    const noticed = at(/search_completed|negotiation_countered/) - at(/server_started/);
    figures.push(
      `a replica added under load was asked ${(noticed / 1_000).toFixed(1)} s after it listened`,
    );
    await running.stop();
    figures.push(figuresOf('3 → 2 → 3 replicas', running.outcomes));
    expect(count(running.outcomes)).toEqual({ 200: expect.any(Number) });
  });

  test('and three that migrate an empty database at once leave one inventory', async () => {
    await stack.run('down', '--volumes', '--timeout', '5');
    await stack.run('up', '--detach', '--wait', 'db');
    const ran = await Promise.all(
      Array.from({ length: 3 }, () => stack.compose('run', '--rm', '--no-deps', 'migrate')),
    );
    expect(ran.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual([0, 0, 0]);
    expect(await stack.sql('select count(*) from inventory_items')).toBe('60');
  });
});

describe('what goes wrong at the start', () => {
  test('a Postgres that takes its time is waited for', async () => {
    await stack.run('down', '--volumes', '--timeout', '5');
    const folder = await mkdtemp(join(tmpdir(), 'aura-compose-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [init, override] = [join(folder, 'slow.sql'), join(folder, 'slow.yml')];
    await writeFile(init, 'select pg_sleep(20);\n', { mode: 0o644 });
    const volume = `${init}:/docker-entrypoint-initdb.d/slow.sql:ro`;
    await writeFile(override, JSON.stringify({ services: { db: { volumes: [volume] } } }));
    const began = Date.now();
    await stack.run('-f', 'compose.yml', '-f', override, 'up', '--detach');
    await until('ready', () => isReady(stack));
    expect(Date.now() - began).toBeGreaterThan(20_000);
  });

  test('a key that Mistral refuses is named', async () => {
    const fault = `fetch('http://127.0.0.1:8080/__fault', { method: 'PUT',
      headers: { 'content-type': 'application/json' }, body: '{"fault":"401"}' })`;
    await docker('exec', await the('offline-model'), 'node', '-e', fault);
    // An inventory that has its vectors asks no embedder at the start.
    await stack.sql('truncate inventory_items cascade');
    Object.assign(stack.env, {
      MISTRAL_API_KEY: 'wrong',
      MISTRAL_SERVER_URL: 'http://offline-model:8080',
    });
    const { code } = await stack.compose('up', '--detach');
    delete stack.env['MISTRAL_API_KEY'];
    delete stack.env['MISTRAL_SERVER_URL'];
    expect(code).not.toBe(0);
    const logs = await stack.run('logs', '--no-color', 'migrate');
    expect(logs).toContain('MISTRAL_API_KEY is refused by the server');
  });

  test('a port that is taken is named', async () => {
    await stack.run('down', '--volumes', '--timeout', '5');
    const server = createServer().listen(Number(stack.env['HTTP_PORT']), '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { code, output } = await stack.compose('up', '--detach');
    expect(code).not.toBe(0);
    expect(output).toContain(`127.0.0.1:${stack.env['HTTP_PORT']}`);
  });
});
