/** These tests hold the traces of a whole stack against the contract: one request is one true tree. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createSigner } from '../agents/sign.ts';
import { makeDataDir } from '../testing/database.ts';
import { runSql } from '../testing/plant.ts';
import { INSTRUMENTATIONS } from '../testing/instrumentations.ts';
import type { Stack } from '../testing/stack.ts';
import { startStack } from '../testing/stack.ts';
import { sendTraced } from '../testing/traced.ts';
import type { ExpectedSpan } from './trace-contract.ts';
import { trees } from './trace-contract.ts';
import type { JaegerTrace } from '../trace-receiver/jaeger-json.ts';
import type { TraceReceiver } from '../trace-receiver/server.ts';
import { startTraceReceiver } from '../trace-receiver/server.ts';
import { tagsOf } from '../trace-receiver/tree.ts';

describe.each(INSTRUMENTATIONS)('with the %s instrumentation', (instrumentation) => {
  let dataDir: string;
  let receiver: TraceReceiver;
  let stack: Stack;

  beforeAll(async () => {
    dataDir = await makeDataDir({ seeded: true });
    receiver = await startTraceReceiver({ otlpPort: 0, queryPort: 0 });
    stack = await startStack({
      DATA_DIR: dataDir,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.otlpUrl,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      TRACE_INSTRUMENTATION: instrumentation,
      MAX_OPEN_SESSIONS_PER_AGENT_AND_ITEM: '100',
    });
  });
  afterAll(async () => {
    await stack?.stop();
    await receiver?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function traced(
    path: string,
    body: object | null | undefined,
    expected: ExpectedSpan,
    headers = {},
  ) {
    const urls = { gatewayUrl: stack.url, queryUrl: receiver.queryUrl };
    return sendTraced({ ...urls, path, body, expected, headers });
  }

  const bid = { item_id: 'hotel_alpha', bid_amount: 800, agent_did: 'did:example:buyer' };

  test('search', async () => {
    const { answer } = await traced('/v1/search', { query: 'beach' }, trees.search);
    expect(answer.results).toHaveLength(3);
  });

  test('negotiation by the model', async () => {
    const { answer, trace } = await traced('/v1/negotiate', bid, trees.negotiateByModel);
    expect(answer.status).toBe('countered');
    // What was said is recorded only where somebody asked for it.
    const keys = trace.spans.flatMap((span) => span.tags.map(({ key }) => key));
    expect(keys.filter((key) => /messages|prompt|completion/.test(key))).toEqual([]);
  });

  test('a deal under a key, the same again, and what became of it', async () => {
    const wish = { ...bid, bid_amount: 1_000 };
    const key = { 'idempotency-key': 'one' };
    const deal = await traced('/v1/negotiate', wish, trees.negotiateUnderKey, key);
    expect(deal.answer.status).toBe('accepted');
    const again = await traced('/v1/negotiate', wish, trees.negotiateReplayed, key);
    expect(again.answer).toEqual(deal.answer);

    const { reservation_code: code } = deal.answer.data;
    const path = `/v1/reservations/${code}`;
    const found = await traced(path, undefined, trees.reservation);
    expect(found.answer).toMatchObject({ reservation_code: code, price: 1_000, status: 'held' });
    const released = await traced(`${path}/release`, null, trees.release);
    expect(released.answer.status).toBe('released');
    for (const { trace } of [deal, again, found, released]) {
      expect(JSON.stringify(trace)).not.toContain(code);
    }
  });

  test('the keys of receipts, for which core is asked', async () => {
    const { answer } = await traced('/.well-known/jwks.json', undefined, trees.receiptKeys);
    expect(answer.keys).toHaveLength(1);
  });

  test('a caller’s mistakes, 409 and 422, paint no span red', async () => {
    const key = { 'idempotency-key': 'mistaken' };
    const wish = { ...bid, bid_amount: 1_000 };
    const deal = await traced('/v1/negotiate', wish, trees.negotiateUnderKey, key);
    const other = { ...wish, bid_amount: 999 };
    const reused = await traced('/v1/negotiate', other, trees.keyReused, key);
    const { reservation_code: code } = deal.answer.data;
    await runSql(dataDir, `update reservations set status = 'confirmed' where code = '${code}'`);
    const path = `/v1/reservations/${code}/release`;
    const refused = await traced(path, null, trees.releaseRefused);
    expect([reused.status, refused.status]).toEqual([422, 409]);
    for (const { trace } of [reused, refused]) {
      const red = trace.spans.filter((span) => tagsOf(span)['error'] !== undefined);
      expect(red.map(({ operationName }) => operationName)).toEqual([]);
      expect(JSON.stringify(trace)).not.toContain('error.type');
    }
  });

  test('each round leads to the one before, and the deal to its last round', async () => {
    const own = ({ spans, processes }: JaegerTrace, name: string) =>
      spans.find(
        ({ operationName, processID }) =>
          operationName === name && processes[processID]?.serviceName === 'aura-core',
      )!;
    const links = ({ references }: JaegerTrace['spans'][number]) =>
      references
        .filter(({ refType }) => refType === 'FOLLOWS_FROM')
        .map(({ traceID, spanID }) => `${traceID} ${spanID}`);

    const first = await traced('/v1/negotiate', bid, trees.negotiateByModel);
    const { session_token } = first.answer;
    const next = { ...bid, session_token, bid_amount: 810 };
    const second = await traced('/v1/negotiate', next, trees.negotiateByModel);
    const last = { ...bid, session_token, bid_amount: 1_000 };
    const third = await traced('/v1/negotiate', last, trees.deal);
    const path = `/v1/reservations/${third.answer.data.reservation_code}`;
    const found = await traced(path, undefined, trees.reservation);
    const released = await traced(`${path}/release`, null, trees.release);

    const rounds = [first, second, third].map(({ trace }) => own(trace, 'negotiation.negotiate'));
    const ids = rounds.map(({ traceID, spanID }) => `${traceID} ${spanID}`);
    expect(rounds.map(links)).toEqual([[], [ids[0]], [ids[1]]]);
    expect(links(own(found.trace, 'NegotiationService/GetReservation'))).toEqual([ids[2]]);
    expect(links(own(released.trace, 'NegotiationService/ReleaseReservation'))).toEqual([ids[2]]);

    const sessions = [...rounds, own(released.trace, 'NegotiationService/ReleaseReservation')].map(
      (span) => tagsOf(span)['aura.session.id'],
    );
    expect(new Set(sessions).size).toBe(1);
    const money = rounds.map((span) => {
      const tags = tagsOf(span);
      return ['bid', 'ask', 'price', 'currency'].map((key) => tags[`aura.negotiation.${key}`]);
    });
    expect(money).toEqual([
      [800, first.answer.data.proposed_price, undefined, 'USD'],
      [810, second.answer.data.proposed_price, undefined, 'USD'],
      [1_000, undefined, third.answer.data.final_price, 'USD'],
    ]);
  });

  test('a signed bid, a copy of it, and a signature over another body', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const signer = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const wish = { ...bid, agent_did: signer.did };
    const sign = (path: string) =>
      signer.headers({ method: 'POST', url: `${stack.url}${path}`, body: JSON.stringify(wish) });
    const fields = sign('/v1/negotiate');
    const { answer } = await traced('/v1/negotiate', wish, trees.negotiateSigned, fields);
    expect(answer.status).toBe('countered');
    const copy = await traced('/v1/negotiate', wish, trees.negotiateCopied, fields);
    expect(copy.answer.type).toBe('urn:aura:problem:signature-replayed');
    await traced('/v1/search', { query: 'x' }, trees.badSignature, sign('/v1/search'));
    // A signature is spent, and yet nobody needs to read it.
    const [, nonce = ''] = /nonce="([^"]+)"/.exec(fields['signature-input'] ?? '') ?? [];
    expect(nonce).not.toBe('');
    expect(JSON.stringify(copy.trace)).not.toContain(nonce);
  });

  test('one haggle more than an agent may have open', async () => {
    await runSql(
      dataDir,
      `insert into negotiation_sessions (token_hash, item_id, agent_did, round, ask_minor, epoch, expires_at)
       select decode(md5(n::text), 'hex'), 'hotel_alpha', 'did:example:prober', 1, 100000, 1, now() + interval '1 hour'
       from generate_series(1, 100) n`,
    );
    const { answer } = await traced(
      '/v1/negotiate',
      { ...bid, agent_did: 'did:example:prober' },
      trees.negotiateLimited,
    );
    expect(answer.type).toBe('urn:aura:problem:too-many-open-sessions');
  });

  test('the last one of an item', async () => {
    await runSql(dataDir, `update inventory_items set quantity = 1 where id = 'hostel_beta'`);
    const wish = { ...bid, item_id: 'hostel_beta', bid_amount: 50 };
    const { answer } = await traced('/v1/negotiate', wish, trees.negotiateLastOne);
    expect(answer.status).toBe('accepted');
  });

  test('an unknown item', async () => {
    const unknown = { ...bid, item_id: 'no_such_item' };
    const { answer } = await traced('/v1/negotiate', unknown, trees.unknownItem);
    expect(answer.data.reason_code).toBe('ITEM_NOT_FOUND');
  });

  test('a bad request that the gateway refuses', async () => {
    const { status } = await traced('/v1/negotiate', { ...bid, bid_amount: 0 }, trees.badRequest);
    expect(status).toBe(400);
  });

  test('a bad search', async () => {
    const { status } = await traced('/v1/search', { query: '' }, trees.badSearch);
    expect(status).toBe(400);
  });

  test('a bad request that core refuses', async () => {
    const bad = { ...bid, bid_amount: 1.001 };
    const { status } = await traced('/v1/negotiate', bad, trees.badRequestInCore);
    expect(status).toBe(400);
  });

  describe('test_telemetry.ts', () => {
    async function run(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
      const script = join(import.meta.dirname, '../../test_telemetry.ts');
      const child = spawn(process.execPath, [script], { env: { ...process.env, ...env } });
      const [output, errors, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit'),
      ]);
      return { code, output: output + errors };
    }

    test.each([
      [
        { GATEWAY_URL: '127.0.0.1:8000' },
        'GATEWAY_URL must be a URL such as http://127.0.0.1:8000, not "127.0.0.1:8000"',
      ],
      [{ GATEWAY_URL: 'http://::1:8000' }, 'GATEWAY_URL must be a URL such as '],
      [
        { JAEGER_URL: 'localhost:16686' },
        'JAEGER_URL must be a URL such as http://127.0.0.1:16686',
      ],
      [{ JAEGER_UI_URL: 'jaeger' }, 'JAEGER_UI_URL must be a URL such as '],
    ])('refuses what is no URL: %j', async (env, words) => {
      const { code, output } = await run(env);
      expect(code).toBe(2);
      expect(output.trim().split('\n')).toEqual([expect.stringContaining(words)]);
    });

    test('says which URL leads to the wrong program, the wrong path or nobody', async () => {
      const swapped = await run({ GATEWAY_URL: `${receiver.queryUrl}/` });
      expect(swapped.code).toBe(3);
      expect(swapped.output).toContain(
        `GATEWAY_URL, ${receiver.queryUrl}, is not where the gateway answers: GET /healthz brought status 404; is the port right, and the path?`,
      );
      const nobody = await run({ GATEWAY_URL: 'http://127.0.0.1:1' });
      expect(nobody.code).toBe(3);
      expect(nobody.output).toContain(
        'GATEWAY_URL, http://127.0.0.1:1, is not where the gateway answers: ',
      );
    });

    /** Spans whose parent is not in their trace, which Jaeger's page marks as incomplete. */
    async function missingParents(traceId: string): Promise<string[]> {
      const { data } = (await (
        await fetch(`${receiver.queryUrl}/api/traces/${traceId}`)
      ).json()) as {
        readonly data: readonly [JaegerTrace];
      };
      const { spans } = data[0];
      const known = new Set(spans.map(({ spanID }) => spanID));
      return spans
        .filter(({ references }) => references.some(({ spanID }) => !known.has(spanID)))
        .map(({ operationName }) => operationName);
    }

    test('finds all as it should be, and prints the trees and where to look', async () => {
      const { code, output } = await run({ GATEWAY_URL: stack.url, JAEGER_URL: receiver.queryUrl });
      expect(output).not.toContain('✗');
      expect(output).toContain('All checks passed.');
      expect(output).toMatch(/aura-core {5}.* └ negotiation\.negotiate/);
      expect(output).toMatch(new RegExp(`${receiver.queryUrl}/trace/[0-9a-f]{32}`));
      expect(code).toBe(0);
      const ids = [...output.matchAll(/\/trace\/([0-9a-f]{32})/g)].flatMap(([, id]) => id ?? []);
      expect(ids).toHaveLength(4);
      for (const id of ids) expect(await missingParents(id)).toEqual([]);
    });

    test('says that no spans are made where that is so', async () => {
      const untraced = createServer((_request, response) => response.end('{"status":"ok"}')).listen(
        0,
        '127.0.0.1',
      );
      await once(untraced, 'listening');
      onTestFinished(() => void untraced.close());
      const url = `http://127.0.0.1:${(untraced.address() as AddressInfo).port}`;
      const { code, output } = await run({ GATEWAY_URL: url, JAEGER_URL: receiver.queryUrl });
      expect(output).toContain('exporter: aura-gateway makes no spans');
      expect(code).toBe(5);
    });
  });

  test.each(['test-agent', 'a,b;c="d"\\e%0A%f<&>{}|^`', '~'.repeat(256), '%'.repeat(256), 'ä=1'])(
    'core knows the agent %s as it is called',
    async (agent) => {
      const isAscii = /^[!-~]+$/.test(agent);
      const expected = isAscii ? trees.negotiateByModel : trees.badRequest;
      const { status, trace } = await traced(
        '/v1/negotiate',
        { ...bid, agent_did: agent },
        expected,
      );
      expect(status).toBe(isAscii ? 200 : 400);
      const known = trace.spans.map((span) => tagsOf(span)['aura.agent.did']);
      const named = known.filter((each) => each !== undefined);
      // Core's server span and its own.
      expect(named).toEqual(isAscii ? [agent, agent] : []);
    },
  );

  test.each([
    ['180 entries', Array.from({ length: 180 }, (_, i) => `${i}=1`).join()],
    ['8 kB', `k=${'x'.repeat(4_080)},l=${'y'.repeat(4_080)}`],
    ['a property that gRPC cannot carry', `k=v;p=a\tb`],
    ['bytes beyond ASCII', Buffer.from('k=v;p=é').toString('latin1')],
  ])('baggage of %s costs core neither the agent nor synthetic_request', async (_name, more) => {
    const headers = { baggage: `${more},synthetic_request=true` };
    const { trace } = await traced('/v1/negotiate', bid, trees.negotiateByModel, headers);
    const own = trace.spans.find(({ operationName }) => operationName === 'negotiation.negotiate')!;
    expect(tagsOf(own)).toMatchObject({
      'aura.agent.did': 'did:example:buyer',
      'aura.synthetic_request': 'true',
    });
  });

  test.each([
    ['UTF-8', Buffer.from('ja–é').toString('latin1'), 'ja–é'],
    ['a percent sign', '100%', '100%'],
  ])('synthetic_request with %s is on the span as it was meant', async (_name, value, meant) => {
    const headers = { baggage: `synthetic_request=${value}` };
    const { trace } = await traced('/v1/search', { query: 'beach' }, trees.search, headers);
    const own = trace.spans.find(({ operationName }) => operationName === 'search.search')!;
    expect(tagsOf(own)['aura.synthetic_request']).toBe(meant);
  });

  test('a search under baggage that gRPC cannot carry is synthetic too', async () => {
    const headers = { baggage: 'synthetic_request=true;p=a\tb' };
    const { trace } = await traced('/v1/search', { query: 'beach' }, trees.search, headers);
    const own = trace.spans.find(({ operationName }) => operationName === 'search.search')!;
    expect(tagsOf(own)['aura.synthetic_request']).toBe('true');
  });

  test('of the baggage core has the agent and the listed key, and nothing else', async () => {
    const baggage = `synthetic_request=true,agent_did=did:example:liar,secret=hidden,long=${'x'.repeat(999)}`;
    const { trace } = await traced('/v1/negotiate', bid, trees.negotiateByModel, { baggage });
    const own = trace.spans.filter(
      ({ operationName }) => operationName === 'negotiation.negotiate',
    );
    expect(own.map(tagsOf)).toEqual([
      expect.objectContaining({
        'aura.agent.did': 'did:example:buyer',
        'aura.synthetic_request': 'true',
      }),
    ]);
    expect(JSON.stringify(trace)).not.toMatch(/liar|hidden|xxx/);
  });
});
