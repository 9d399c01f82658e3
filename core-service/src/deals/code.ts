import { randomBytes } from 'node:crypto';
import { RESERVATION_CODE as FORM } from '@aura/proto/limits.ts';

export const RESERVATION_CODE = new RegExp(FORM.pattern, 'u');

/** 160 random bits in the alphabet of Crockford's base 32, which has no I, L, O or U. */
export function newReservationCode(): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const digits = Array.from(randomBytes(32), (byte) => alphabet[byte % 32]).join('');
  return `AURA-${digits.match(/.{8}/g)?.join('-')}`;
}
