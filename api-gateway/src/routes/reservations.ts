import { Type } from '../json-schema.ts';
import type { App } from '../app-type.ts';
import { callFor } from '../call.ts';
import {
  getReservation,
  releaseReservation,
  Reservation,
  ReservationCode,
} from '../commerce/reservations.ts';
import type { CoreClient } from '../core-client.ts';
import { answer, problemResponses } from '../problem.ts';

const Params = Type.Object({ code: ReservationCode });

export function reservationRoutes(app: App, core: CoreClient): void {
  const responses = {
    200: Reservation,
    ...problemResponses,
    404: answer('No reservation has this code'),
  };
  const shared = { tags: ['commerce'], params: Params, response: responses };
  app.get(
    '/v1/reservations/:code',
    {
      config: { signature: 'taken' },
      schema: {
        summary: 'Look up a reservation by its code',
        operationId: 'getReservation',
        ...shared,
      },
    },
    (request, reply) => getReservation(core, request.params.code, callFor(request, reply)),
  );
  app.post(
    '/v1/reservations/:code/release',
    {
      config: { signature: 'taken' },
      schema: {
        summary: 'Release a held reservation; releasing it again changes nothing',
        operationId: 'releaseReservation',
        ...shared,
        response: { ...responses, 409: answer('The reservation was confirmed, or it has expired') },
      },
    },
    (request, reply) => releaseReservation(core, request.params.code, callFor(request, reply)),
  );
}
