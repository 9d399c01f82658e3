/** Finds out whose a request is, before it is looked at any further. */
import type { FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import { agentUnsigned, agentVerified, signatureRefused } from './events.ts';
import type { AgentAuth } from './agent-auth.ts';
import type { FindKey } from './keys/find-key.ts';
import { SignatureRefused } from './refused.ts';
import type { VerifiedAgent, VerifyRequest } from './verify-request.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Signatures are verified at this route; `asked` is where AGENT_AUTH=required refuses a request without one. */
    readonly signature?: 'asked' | 'taken';
  }
  interface FastifyRequest {
    /** Who signed the request; null where nobody did, undefined where nobody looked. */
    agent: VerifiedAgent | null | undefined;
    /** The body as it came. */
    bodyBytes: Buffer | undefined;
  }
}

export interface AuthOptions {
  readonly mode: AgentAuth;
  /** The origin by which agents reach the gateway; without it the Host of each request tells. */
  readonly publicUrl: string | undefined;
  readonly findKey?: FindKey | undefined;
}

/**
 * Has the signatures of requests verified. A signature that is there has to be right; without one a request
 * goes on unless the mode and its route ask for it.
 */
export function authenticateAgents(app: App, options: AuthOptions): void {
  app.decorateRequest('agent', undefined);
  app.decorateRequest('bodyBytes', undefined);
  if (options.mode === 'off') return;
  let loaded: Promise<VerifyRequest> | undefined;
  // Only a request with a signature costs a promise.
  app.addHook('preValidation', (request, _reply, done) => {
    const { signature } = request.routeOptions.config;
    if (signature === undefined) return done();
    if (isSigned(request)) {
      // The start costs nothing of it: nobody may ever sign.
      loaded ??= loadVerifier(options.findKey);
      return authenticate(request, loaded, options.publicUrl);
    }
    if (options.mode === 'required' && signature === 'asked') {
      const detail =
        'This gateway answers only signed requests here; Accept-Signature says what to sign.';
      signatureRefused(request, 'SIGNATURE_REQUIRED');
      return done(new SignatureRefused('SIGNATURE_REQUIRED', detail));
    }
    request.agent = null;
    agentUnsigned(request);
    done();
  });
}

async function loadVerifier(findKey: FindKey | undefined): Promise<VerifyRequest> {
  return (await import('./verify-request.ts')).createVerifier(findKey);
}

function isSigned({ headers }: FastifyRequest): boolean {
  return headers['signature'] !== undefined || headers['signature-input'] !== undefined;
}

async function authenticate(
  request: FastifyRequest,
  verifier: Promise<VerifyRequest>,
  publicUrl: string | undefined,
): Promise<void> {
  const { method, headers, originalUrl, protocol, host, bodyBytes: body } = request;
  const targetUri = `${publicUrl ?? `${protocol}://${host}`}${originalUrl}`;
  const now = Math.floor(Date.now() / 1_000);
  try {
    const verify = await verifier;
    request.agent = await verify({ method, targetUri, headers, body }, now);
    agentVerified(request, request.agent.did);
  } catch (error) {
    if (error instanceof SignatureRefused) signatureRefused(request, error.code);
    throw error;
  }
}
