import { createHmac } from 'node:crypto';

/**
 * A number in [0, 1) that is the same for one item, agent and epoch, and unknown to anyone without
 * the secret: HMAC-SHA-256, its first 48 bits as a fraction.
 *
 * @param epoch days since 1970-01-01; all haggles an agent begins in one day get the same asks, so
 *   that beginning anew teaches nothing
 */
export function keyedJitter(
  secret: string,
  itemId: string,
  agentDid: string,
  epoch: number,
): number {
  const hmac = createHmac('sha256', secret).update(JSON.stringify([itemId, agentDid, epoch]));
  return hmac.digest().readUIntBE(0, 6) / 2 ** 48;
}
