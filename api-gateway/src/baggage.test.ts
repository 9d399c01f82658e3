import { nameAgentsBy } from '@aura/proto/agent-name.ts';
import { propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { afterEach, describe, expect, test } from 'vitest';
import { contextForCore } from './baggage.ts';

const DID = 'did:example:buyer';
const propagator = new W3CBaggagePropagator();
const getter = {
  get: (carrier: { baggage?: string }) => carrier.baggage,
  keys: () => ['baggage'],
};
type Carrier = Record<string, string>;
const setter = {
  set: (carrier: Carrier, key: string, value: string) => void (carrier[key] = value),
};

/** Returns the header that core gets when a caller sends this one, and what core reads of it. */
function throughGateway(header: string | undefined, agentDid?: string) {
  const received = propagator.extract(ROOT_CONTEXT, header ? { baggage: header } : {}, getter);
  const sent: Carrier = {};
  propagator.inject(contextForCore(received, header, agentDid), sent, setter);
  const read = propagation.getBaggage(propagator.extract(ROOT_CONTEXT, sent, getter));
  const entries = (read?.getAllEntries() ?? []).map(([key, { value }]) => [key, value] as const);
  return { header: sent['baggage'] ?? '', entries: Object.fromEntries(entries) };
}

const many = (count: number, name = (i: number) => `k${i}`) =>
  Array.from({ length: count }, (_, i) => `${name(i)}=1`).join();
const latin1 = (text: string) => Buffer.from(text).toString('latin1');
const SYNTHETIC = 'synthetic_request=true';

describe.each([
  ['180 entries', many(180)],
  ['1,000 entries', many(1_000)],
  ['180 entries with numbers for keys', many(180, String)],
  ['two entries of 4 kB', `k=${'x'.repeat(4_090)},l=${'y'.repeat(4_090)}`],
  ['one entry of 9 kB', `k=${'x'.repeat(9_000)}`],
  [
    'values that encode to three times their length',
    `k=${'%20'.repeat(1_300)},l=${'é'.repeat(2_000)}`,
  ],
  ['a property in UTF-8', latin1('k=v;p=é')],
  ['a property with a tab', 'k=v;p=a\tb'],
  ['a key in UTF-8', latin1('é=v')],
  ['broken percent signs', 'k=%,l=%zz,%=m,%e0%a4=n'],
  ['no pairs', ',,=,;,a,=b,;;'],
  ['quotes', 'k="a;b=c'],
  ['names of JavaScript', '__proto__=a,constructor=b,toString=c'],
])('%s', (_name, baggage) => {
  test.each([
    ['after', `${SYNTHETIC},${baggage}`],
    ['before', `${baggage},${SYNTHETIC}`],
    ['with a property', `${baggage},${SYNTHETIC};p=${latin1('é')}`],
  ])('cost neither the agent nor synthetic_request %s', (_where, header) => {
    const received = throughGateway(header, DID);
    expect(received.entries).toMatchObject({ agent_did: DID, synthetic_request: 'true' });
    // These are the bytes that W3C baggage and gRPC metadata allow.
    expect(received.header).toMatch(/^[\x20-\x7e]{1,8192}$/);
    expect(received.header.split(',').length).toBeLessThanOrEqual(180);
  });

  test('cost a search nothing either', () => {
    expect(throughGateway(`${baggage},${SYNTHETIC}`).entries).toMatchObject({
      synthetic_request: 'true',
    });
  });
});

test('what fits goes on, with the properties that can be carried', () => {
  const { header, entries } = throughGateway(`k=a%2Cb;p=1,l=2;q=\u00e9`, DID);
  expect(entries).toEqual({ agent_did: DID, k: 'a,b', l: '2' });
  expect(header).toContain('k=a%2Cb;p=1');
  expect(header).not.toContain('q=');
});

test('only the body says who bids', () => {
  const { entries } = throughGateway('agent_did=did:example:liar;p=1', DID);
  expect(entries).toEqual({ agent_did: DID });
});

test.each([
  ['of 10,000 characters', 'x'.repeat(7_000)],
  ['of 2,000 that encode to nine bytes', '%E4%BA%AC'.repeat(800)],
  ['that is cut within a character', `x${'%F0%9F%8F%96'.repeat(300)}`],
])('a synthetic_request %s is cut, and costs no more', (_name, value) => {
  const { entries } = throughGateway(`synthetic_request=${value}`, DID);
  expect(entries['agent_did']).toBe(DID);
  expect(entries['synthetic_request']?.length).toBe(256);
});

test.each(['a,b;c="d"\\e%0A%f', '~'.repeat(256), '%'.repeat(256), '__proto__'])(
  'the agent %s arrives as it is called',
  (agent) => {
    expect(throughGateway(undefined, agent).entries).toEqual({ agent_did: agent });
  },
);

test.each([
  ['UTF-8 that nobody encoded', latin1('ja–é'), 'ja–é'],
  ['UTF-8 that somebody encoded', 'ja%E2%80%93%C3%A9', 'ja–é'],
  ['both', latin1('ja–%C3%A9'), 'ja–é'],
  ['Latin-1', 'ja-\u00e9', 'ja-é'],
  ['a percent sign', '100%', '100%'],
  ['a percent sign that is encoded', '100%25', '100%'],
  ['percent signs among other bytes', latin1('5%–10%zz%C3%A9'), '5%–10%zzé'],
  ['bytes that are no UTF-8', 'a%E0%A4b', 'a\ufffdb'],
  ['an equals sign', 'a=b', 'a=b'],
])('synthetic_request with %s arrives as it was meant', (_what, value, meant) => {
  const { entries } = throughGateway(`synthetic_request=${value}`, DID);
  expect(entries).toEqual({ agent_did: DID, synthetic_request: meant });
  const { entries: beside } = throughGateway(`k=\u00e9,synthetic_request=${value}`);
  expect(beside).toMatchObject({ synthetic_request: meant });
});

test('without baggage and agent there is none', () => {
  expect(throughGateway(undefined).header).toBe('');
});

describe('where telemetry is not to know agents', () => {
  afterEach(() => nameAgentsBy({}));
  const header = `k=1,agent_did=${DID},synthetic_request=by ${DID}`;
  const hash = /^hashed:[0-9a-f]{32}$/;

  test('core gets the hash of the agent', () => {
    nameAgentsBy({ TELEMETRY_AGENT_ID: 'hashed', TELEMETRY_AGENT_ID_KEY: 'sixteen-characters' });
    for (const { entries } of [throughGateway(header), throughGateway(header, DID)]) {
      expect(entries).toMatchObject({ k: '1', agent_did: expect.stringMatching(hash) });
      expect(entries['synthetic_request']).toBe(`by ${entries['agent_did']}`);
    }
  });

  test('core does not get an agent', () => {
    nameAgentsBy({ TELEMETRY_AGENT_ID: 'none' });
    for (const { entries } of [throughGateway(header), throughGateway(header, DID)]) {
      expect(entries).toEqual({ k: '1', synthetic_request: 'by REDACTED' });
    }
  });
});
