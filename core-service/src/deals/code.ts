import { randomBytes } from 'node:crypto';
/** 160 random bits in the alphabet of Crockford's base 32, which has no I, L, O or U. */
export function newReservationCode(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const digits = Array.from(randomBytes(32), (byte) => alphabet[byte % 32]).join('');
  return `AURA-${digits.match(/.{8}/g)?.join('-')}`;
}
