import type { Reservation__Output } from '@aura/proto';
import { readReservationCode, RESERVATION_CODE, RESERVATION_STATUSES } from '@aura/proto/limits.ts';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { App } from '../app-type.ts';
import { callFor } from '../call.ts';
import type { CoreClient } from '../core-client.ts';
import { answer, problemResponses } from '../problem.ts';

const Params = Type.Object({
  code: Type.String({
    pattern: RESERVATION_CODE.pattern,
    description: `${RESERVATION_CODE.words}; in any letter case, with or without its hyphens, or with other dashes`,
  }),
});

const Answer = Type.Object(
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
type Answer = Static<typeof Answer>;

export function reservationRoutes(app: App, core: CoreClient): void {
  const responses = {
    200: Answer,
    ...problemResponses,
    404: answer('No reservation has this code'),
  };
  const shared = { tags: ['commerce'], params: Params, response: responses };
  app.get(
    '/v1/reservations/:code',
    {
      schema: {
        summary: 'Look up a reservation by its code',
        operationId: 'getReservation',
        ...shared,
      },
    },
    async (request, reply) => {
      const reservationCode = asIssued(request.params.code);
      const call = callFor(request, reply);
      return toAnswer((await core.getReservation({ reservationCode }, call)).reservation);
    },
  );
  app.post(
    '/v1/reservations/:code/release',
    {
      schema: {
        summary: 'Release a held reservation; releasing it again changes nothing',
        operationId: 'releaseReservation',
        ...shared,
        response: { ...responses, 409: answer('The reservation was confirmed, or it has expired') },
      },
    },
    async (request, reply) => {
      const reservationCode = asIssued(request.params.code);
      const call = callFor(request, reply);
      return toAnswer((await core.releaseReservation({ reservationCode }, call)).reservation);
    },
  );
}

/** Returns the code as it was issued, which is how core keeps it. */
function asIssued(code: string): string {
  return readReservationCode(code) ?? code;
}

function toAnswer(reservation: Reservation__Output | null): Answer {
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
  };
}
