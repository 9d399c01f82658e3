/** Walks the paths on which an agent is known by its key, or named where nobody asks for it. */
import { generateKeyPairSync } from 'node:crypto';
import { createSigner } from '../agents/sign.ts';
import { callCore } from './call-core.ts';
import type { Buyer } from './every-path.ts';
import { DID, ITEM } from './every-path.ts';
import { mcpCall } from './mcp-call.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const signer = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
/** The agent that signs its requests. */
export const SIGNER = signer.did;
/** A DID that stands in places that are for something else. */
export const STRAY = 'did:example:stray-4f81';

/** @param url where the gateway is asked */
export async function walkAsAgents({ send }: Buyer, url: string): Promise<void> {
  const bid = { item_id: ITEM, bid_amount: 500_000.01, agent_did: SIGNER };
  const sign = (path: string, body: string) =>
    signer.headers({ method: 'POST', url: `${url}${path}`, body });
  const sendSigned = async (path: string, content: object): Promise<void> => {
    const body = JSON.stringify(content);
    await send(path, body, sign(path, body));
  };
  await sendSigned('/v1/negotiate', bid);
  await sendSigned('/v1/search', { query: 'lodge by the sea' });
  // The signer is another one than the body says, and the key is none.
  await sendSigned('/v1/negotiate', { ...bid, agent_did: DID });
  const body = JSON.stringify(bid);
  const signed = sign('/v1/negotiate', body);
  const input = String(signed['signature-input']).replace(SIGNER, STRAY.replace('example', 'key'));
  await send('/v1/negotiate', body, { ...signed, 'signature-input': input });
  const { body: call, headers } = mcpCall('negotiate', bid);
  await send('/mcp', JSON.stringify(call), { ...headers, ...sign('/mcp', JSON.stringify(call)) });
}

/** Sends the DID wherever a caller can write something that telemetry keeps. */
export async function walkWithStrayNames({ send }: Buyer): Promise<void> {
  await send(`/agents/${STRAY}/bids`);
  await send(`/agents/${encodeURIComponent(STRAY)}`);
  await send(`/v1/search?agent=${STRAY}`);
  await send('/nowhere', undefined, {
    'user-agent': `agent (${STRAY})`,
    'x-request-id': STRAY,
    baggage: `agent_did=${STRAY},synthetic_request=${STRAY}`,
  });
  const wish = { query: 'lodge by the sea' };
  await send('/v1/search', wish, { baggage: `agent_did=${STRAY},synthetic_request=by ${STRAY}` });
  const { body, headers } = mcpCall('search_items', wish, { baggage: `agent_did=${STRAY}` });
  await send('/mcp', { ...body, id: STRAY }, headers);
}

/** @param port of core, which other clients than the gateway call too */
export async function walkToCoreWithStrayNames(port: number): Promise<string> {
  const metadata = {
    baggage: `agent_did=${STRAY},synthetic_request=${STRAY}`,
    'x-request-id': STRAY,
  };
  return callCore(port, 'Search', { query: 'lodge by the sea' }, metadata);
}
