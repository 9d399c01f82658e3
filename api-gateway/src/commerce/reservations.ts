import type { Reservation__Output } from '@aura/proto';
import { readReservationCode, RESERVATION_CODE, RESERVATION_STATUSES } from '@aura/proto/limits.ts';
import { Type } from '../json-schema.ts';
import type { Static } from 'typebox';
import type { Call, CoreClient } from '../core-client.ts';
import { Receipt } from './receipt.ts';
import { noteOn } from '../spans/request-span.ts';

export const ReservationCode = Type.String({
  pattern: RESERVATION_CODE.pattern,
  description: `${RESERVATION_CODE.words}; in any letter case, with or without its hyphens, or with other dashes`,
});

export const Reservation = Type.Object(
  {
    reservation_code: Type.String({ description: 'A secret: whoever shows it holds the deal' }),
    item_id: Type.String(),
    item_name: Type.String(),
    price: Type.Number(),
    currency: Type.String(),
    status: Type.Enum(Object.values(RESERVATION_STATUSES), {
      description: 'A reservation is `held` until the seller confirms it or `held_until` passes',
    }),
    held_until: Type.Integer({
      description: 'The Unix time in seconds at which a `held` reservation expires',
    }),
    receipt: Type.Optional(Receipt),
  },
  {
    description: 'The reservation as it is now',
    examples: [
      {
        reservation_code: 'AURA-JYH2Y2J5-Q06HZN79-ES2NXQXN-8A9SQ5JZ',
        item_id: 'hostel_beta',
        item_name: 'Backpacker Hostel Beta',
        price: 45,
        currency: 'USD',
        status: 'held',
        held_until: 1795447961,
      },
    ],
  },
);
export type Reservation = Static<typeof Reservation>;

/**
 * Looks a reservation up at core.
 * @throws grpc-js's ServiceError, NOT_FOUND for a code that nobody was given
 */
export async function getReservation(
  core: CoreClient,
  code: string,
  call: Call,
): Promise<Reservation> {
  const request = { reservationCode: asIssued(code) };
  return noted(toAnswer((await core.getReservation(request, call)).reservation), call);
}

/**
 * Gives a held reservation back to the seller; a second time changes nothing.
 * @throws grpc-js's ServiceError, also for one that was confirmed or has expired
 */
export async function releaseReservation(
  core: CoreClient,
  code: string,
  call: Call,
): Promise<Reservation> {
  const request = { reservationCode: asIssued(code) };
  return noted(toAnswer((await core.releaseReservation(request, call)).reservation), call);
}

/** Puts the item of a reservation onto the request's span. */
function noted(reservation: Reservation, call: Call): Reservation {
  noteOn(call.context, { 'aura.item.id': reservation.item_id });
  return reservation;
}

/** Returns the code as it was issued, which is how core keeps it. */
function asIssued(code: string): string {
  return readReservationCode(code) ?? code;
}

function toAnswer(reservation: Reservation__Output | null): Reservation {
  if (!reservation) throw new Error('core answered without a reservation');
  if (reservation.status === 'RESERVATION_STATUS_UNSPECIFIED') {
    throw new Error('core answered without a status');
  }
  return {
    reservation_code: reservation.reservationCode,
    item_id: reservation.itemId,
    item_name: reservation.itemName,
    price: reservation.price,
    currency: reservation.currencyCode,
    status: RESERVATION_STATUSES[reservation.status],
    held_until: reservation.heldUntilTimestamp,
    ...(reservation.receipt && { receipt: reservation.receipt }),
  };
}
