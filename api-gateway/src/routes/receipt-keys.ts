/** The public keys of receipts, where programs that verify a JWS look for them. */
import type { GetReceiptKeysResponse__Output } from '@aura/proto';
import { LRUCache } from 'lru-cache';
import type { Static } from 'typebox';
import type { App } from '../app-type.ts';
import { callFor } from '../call.ts';
import type { Call, CoreClient } from '../core-client.ts';
import { Type } from '../json-schema.ts';
import { answer } from '../problem.ts';

/** Milliseconds for which core's answer is kept; a new key has to be published for as long before it signs. */
const KEPT_MS = 60_000;
/** Seconds for which a caller may keep the answer. */
const MAX_AGE_S = 300;

const KeySet = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        kty: Type.Literal('OKP'),
        crv: Type.Literal('Ed25519'),
        alg: Type.Literal('EdDSA'),
        use: Type.Literal('sig'),
        kid: Type.String({ description: 'The header of a receipt names its key by this' }),
        x: Type.String({ description: 'The public key in base64url' }),
      }),
    ),
  },
  {
    description: 'A JWK Set (RFC 7517), without a key where deals have no receipts',
    examples: [
      {
        keys: [
          {
            kty: 'OKP',
            crv: 'Ed25519',
            alg: 'EdDSA',
            use: 'sig',
            kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
            x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          },
        ],
      },
    ],
  },
);

type KeySet = Static<typeof KeySet>;

/** The signal of a call that nobody cancels. */
const NEVER = new AbortController().signal;

export function receiptKeysRoute(app: App, core: CoreClient): void {
  const cache = new LRUCache<'keys', KeySet, Call>({
    max: 1,
    ttl: KEPT_MS,
    fetchMethod: async (_key, stale, { context: call }) => {
      try {
        // Several may wait for this one call, so that none of them who leaves may end it.
        return toKeySet(await core.getReceiptKeys({ ...call, signal: NEVER }));
      } catch (error) {
        // While core is away its last answer stands.
        if (stale) return stale;
        throw error;
      }
    },
  });
  app.get(
    '/.well-known/jwks.json',
    {
      schema: {
        summary: 'Get the public keys that receipts of deals are verified with',
        operationId: 'getReceiptKeys',
        tags: ['commerce'],
        response: { 200: KeySet, 503: answer('Core is unavailable') },
      },
    },
    async (request, reply) => {
      const keys = await cache.forceFetch('keys', { context: callFor(request, reply) });
      void reply.headers({
        'cache-control': `public, max-age=${MAX_AGE_S}`,
        'access-control-allow-origin': '*',
      });
      return keys;
    },
  );
}

function toKeySet({ keys }: GetReceiptKeysResponse__Output): KeySet {
  return {
    keys: keys.map(({ keyId, publicKey }) => ({
      kty: 'OKP' as const,
      crv: 'Ed25519' as const,
      alg: 'EdDSA' as const,
      use: 'sig' as const,
      kid: keyId,
      x: Buffer.from(publicKey).toString('base64url'),
    })),
  };
}
