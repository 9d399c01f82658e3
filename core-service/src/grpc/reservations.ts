import type { Reservation as Message } from '@aura/proto';
import type { Context } from '../context.ts';
import { toMajor } from '../money.ts';
import { find } from '../deals/find.ts';
import { release } from '../deals/release.ts';
import type { Reservation } from '../deals/repository.ts';
import { unary } from './unary.ts';
import * as validate from './validate.ts';

interface Named {
  readonly reservationCode: string;
}

export function reservationHandlers(ctx: Context) {
  const logger = ctx.logger.child({ logger: 'reservations' });
  return {
    GetReservation: unary(logger, 'GetReservation', async (request: Named) => ({
      reservation: toMessage(await find(ctx, codeOf(request))),
    })),
    ReleaseReservation: unary(logger, 'ReleaseReservation', async (request: Named) => ({
      reservation: toMessage(await release({ ...ctx, logger }, codeOf(request), 'agent')),
    })),
  };
}

function codeOf({ reservationCode }: Named): string {
  validate.validate({ reservation_code: validate.reservationCode(reservationCode) });
  return reservationCode;
}

function toMessage(reservation: Reservation): Message {
  const { code, itemId, itemName, priceMinor, currency, status, heldUntil } = reservation;
  return {
    reservationCode: code,
    itemId,
    itemName,
    price: toMajor(priceMinor, currency),
    currencyCode: currency,
    status: `RESERVATION_STATUS_${status.toUpperCase() as Uppercase<typeof status>}`,
    heldUntilTimestamp: heldUntil,
  };
}
