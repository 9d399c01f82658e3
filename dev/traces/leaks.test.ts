/**
 * These tests look for what is hidden in all that leaves Aura: the floor and the secrets never get out,
 * and what was said stands in a span only where somebody asked for it.
 */
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { mentions } from '../testing/amounts.ts';
import type { Collected } from '../testing/collect.ts';
import { SIGNER, STRAY } from '../testing/agent-paths.ts';
import { AGENT_ID_KEY, RECEIPT_KEY_X, SECRETS, walkEveryPath } from '../testing/collect.ts';
import { AGENT, BASE, DID, FLOOR } from '../testing/every-path.ts';

const CHANNELS = ['spans', 'logs', 'metrics', 'http', 'grpc', 'vendor'] as const;
const TELEMETRY = ['spans', 'logs', 'metrics', 'vendor'] as const;
const SESSION_TOKEN = /sess_[\w-]{16,}/i;
const RESERVATION_CODE = /AURA-?[0-9A-HJKMNP-TV-Z]{8}-?[0-9A-HJKMNP-TV-Z]{8}/i;
const PROMPT = 'Answer this bid.';

/** Returns the hash of an agent, made here once more by the words of docs/privacy.md. */
function hashOf(agent: string): string {
  const mac = createHmac('sha256', AGENT_ID_KEY).update(agent);
  return `hashed:${mac.digest('hex').slice(0, 32)}`;
}

describe('the search for a price', () => {
  test.each([
    '{"floor":947361.58}',
    '947361,58',
    'floor_price_minor=94736158',
    '947,361.58 EUR',
    '947.361,58',
    `947'361.58`,
    '947 361,58',
    '947\u2009361\u202f58',
    '9,47,361',
    '[5,947361]',
    '947362',
    '9.4736158e5',
    '\\u0039\\u0034\\u0037361',
    '９４７３６１',
    'Nine hundred and forty-seven thousand, three hundred and sixty-one',
    'nine four seven three six one',
  ])('finds it in %s', (text) => {
    expect(mentions(text, FLOOR)).toBe(true);
  });

  test.each(['1947361', '0.947361', '94736159', '947360.58', '0000000000a947361f0000'])(
    'does not take %s for it',
    (text) => {
      expect(mentions(text, FLOOR)).toBe(false);
    },
  );
});

const CAPTURE = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };
/** The other makers of spans leak as little. */
const STOCK = { TRACE_INSTRUMENTATION: 'stock' };
type Way = readonly [capture: 'on' | 'off', agents: 'plain' | 'hashed' | 'none', env: object];
const WAYS: readonly Way[] = [
  ['off', 'plain', {}],
  ['on', 'hashed', { ...CAPTURE, ...STOCK }],
];
/** Each of these costs as much time as one of the others. */
const MORE_WAYS: readonly Way[] = [
  ['off', 'hashed', {}],
  ['off', 'none', {}],
];

describe.each(process.env['MODE'] === 'deep' ? [...WAYS, ...MORE_WAYS] : WAYS)(
  'with message capture %s and agents %s',
  (capture, agents, env) => {
    let collected: Collected;
    beforeAll(async () => {
      collected = await walkEveryPath({ TELEMETRY_AGENT_ID: agents, ...env });
    });

    test('every path was walked', () => {
      expect(new Set(collected.outcomes)).toEqual(
        new Set([
          'ok',
          'ready',
          'healthy',
          '200',
          'countered BID_BELOW_ASK',
          'countered LAST_OFFER',
          'accepted',
          'rejected OFFER_TOO_LOW',
          'rejected ITEM_NOT_FOUND',
          'rejected ITEM_UNAVAILABLE',
          'rejected SESSION_INVALID',
          'rejected SESSION_CLOSED',
          'ui_required',
          'held',
          'released',
          '400',
          '401',
          '403',
          '404',
          '405',
          '415',
          '422',
          '500',
        ]),
      );
      for (const event of [
        'llm_failed',
        'llm_circuit_opened',
        'embedder_failed',
        'request_failed',
        'concession_ceiling_reached',
        'mcp_request_completed',
      ]) {
        expect(collected.logs).toContain(event);
      }
    });

    test('what is public is found wherever it may be', () => {
      const found = CHANNELS.filter((channel) => mentions(collected[channel], BASE));
      expect(found).toEqual(expect.arrayContaining(['logs', 'spans', 'http', 'grpc', 'vendor']));
      // Prices are on spans as numbers of their own; what was said is there only on demand.
      expect(/gen_ai\.(input\.messages|prompt)/.test(collected.spans)).toBe(capture === 'on');
      expect(collected.spans).toContain('leaky_lodge');
      expect(collected.spans).toContain('tools/call release_reservation');
      expect(collected.metrics).toContain('aura_negotiation_decisions');
      expect(collected.http).toMatch(SESSION_TOKEN);
      expect(collected.http).toMatch(RESERVATION_CODE);
      expect(collected.http).toContain(RECEIPT_KEY_X);
      expect(collected.http).toContain('"receipt":"');
    });

    test.each(CHANNELS)('no floor in %s', (channel) => {
      const leaks = collected[channel].split('\n').filter((line) => mentions(line, FLOOR));
      expect(leaks.slice(0, 3)).toEqual([]);
    });

    test.each(CHANNELS)('no key or pricing secret in %s', (channel) => {
      for (const secret of SECRETS) expect(collected[channel]).not.toContain(secret);
    });

    test.each(TELEMETRY)('no session token or reservation code in %s', (channel) => {
      const leaks = collected[channel]
        .split('\n')
        .filter((line) => SESSION_TOKEN.test(line) || RESERVATION_CODE.test(line));
      expect(leaks.slice(0, 3)).toEqual([]);
    });

    test('a statement that fails has no words of the database for its status', () => {
      const failed = collected.spans
        .split('\n')
        .filter((line) => line.includes('"db.query.summary"') && line.includes('"status":"ERROR"'))
        .map((line) => (JSON.parse(line) as { readonly statusMessage: string }).statusMessage);
      const words = (code: string) => `PostgreSQL error of type 'error' occurred (code: ${code})`;
      // The walk breaks a constraint, and asks for a table that is not there.
      expect(new Set(failed)).toEqual(new Set([words('23514'), words('42P01')]));
    });

    test('what was said is on the spans only where it was asked for', () => {
      const { spans, logs, metrics, messages } = collected;
      expect(spans.includes(PROMPT)).toBe(capture === 'on');
      const quiet = capture === 'on' ? [logs, metrics] : [logs, metrics, spans];
      for (const text of [PROMPT, ...messages]) expect(quiet.join('\n')).not.toContain(text);
    });

    test.each([DID, AGENT, SIGNER])(
      'the agent %s is on the spans as it is to be, and in no other channel',
      (agent) => {
        const { spans, logs, metrics } = collected;
        const quoted = JSON.stringify(agent).slice(1, -1);
        expect(spans.includes(quoted)).toBe(agents === 'plain');
        expect(spans.includes(hashOf(agent))).toBe(agents === 'hashed');
        for (const form of [quoted, encodeURIComponent(agent), hashOf(agent)]) {
          expect(logs + metrics).not.toContain(form);
        }
        expect(spans.includes('"aura.agent.did"')).toBe(agents !== 'none');
      },
    );

    test('a DID that stands where another thing belongs is kept only where agents have their names', () => {
      const { spans, logs, metrics, vendor } = collected;
      const stray = /\bstray-4f81\b/;
      expect(STRAY).toMatch(stray);
      expect(stray.test(spans)).toBe(agents === 'plain');
      expect(stray.test(logs)).toBe(agents === 'plain');
      expect(metrics + vendor).not.toMatch(stray);
      expect(spans.includes(hashOf(STRAY))).toBe(agents === 'hashed');
    });

    test('the vendor does not hear who asks', () => {
      const { vendor, vendorRequests } = collected;
      expect(vendorRequests.map(({ path }) => path)).toEqual(
        expect.arrayContaining(['/v1/chat/completions', '/v1/embeddings']),
      );
      for (const { headers } of vendorRequests) expect(headers).not.toHaveProperty('baggage');
      for (const agent of [DID, AGENT]) {
        for (const form of [agent, encodeURIComponent(agent), JSON.stringify(agent).slice(1, -1)]) {
          expect(vendor).not.toContain(form);
        }
      }
    });
  },
);
