import { afterEach, describe, expect, test } from 'vitest';
import { agentName, hideAgents, nameAgentsBy, tellsAgent } from './agent-name.ts';

const DID = 'did:example:buyer';
const KEY = 'sixteen-characters';
/** Made by: printf %s did:example:buyer | openssl dgst -sha256 -hmac sixteen-characters */
const HASH = 'hashed:91315816df554a55aede65a782825005';

const by = (naming: string, key = KEY): void =>
  nameAgentsBy({ TELEMETRY_AGENT_ID: naming, TELEMETRY_AGENT_ID_KEY: key });

afterEach(() => nameAgentsBy({}));

test('without a preload an agent has its own name', () => {
  expect(agentName(DID)).toBe(DID);
  expect(hideAgents(`by ${DID}`)).toBe(`by ${DID}`);
  expect(tellsAgent(DID)).toBe(false);
});

describe('hashed', () => {
  test('an agent has the hash that openssl makes of its name', () => {
    by('hashed');
    expect(agentName(DID)).toBe(HASH);
  });

  test('a hash is not hashed again, and what only looks like one is', () => {
    by('hashed');
    expect(agentName(HASH)).toBe(HASH);
    for (const like of ['hashed:', `${HASH}0`, HASH.toUpperCase()]) {
      expect(agentName(like)).toMatch(/^hashed:[0-9a-f]{32}$/);
      expect(agentName(like)).not.toBe(like);
    }
  });

  test('another key makes another hash', () => {
    by('hashed', 'another-key-of-theirs');
    expect(agentName(DID)).not.toBe(HASH);
  });
});

test('none: an agent has no name', () => {
  by('none');
  expect(agentName(DID)).toBeUndefined();
  expect(agentName(HASH)).toBeUndefined();
});

test.each([
  [`/agents/${DID}/bids`, '/agents/REDACTED/bids'],
  [`agent (${DID})`, 'agent (REDACTED)'],
  [`${DID},did:web:agents.example%3A8443:ann`, 'REDACTED,REDACTED'],
  ['DID:KEY:z6Mk', 'REDACTED'],
  ['nothing; candid:ly, did:, did:x', 'nothing; candid:ly, did:, did:x'],
])('with none, %s is kept as %s', (text, kept) => {
  by('none');
  expect(hideAgents(text)).toBe(kept);
  expect(tellsAgent(text)).toBe(text !== kept);
});
