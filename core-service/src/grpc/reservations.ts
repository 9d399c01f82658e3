import type {
  GetReservationRequest__Output,
  GetReservationResponse,
  NegotiationServiceHandlers,
  ReleaseReservationRequest__Output,
  ReleaseReservationResponse,
  Reservation as Message,
  ReservationStatus,
} from '@aura/proto';
import { RESERVATION_STATUSES } from '@aura/proto/limits.ts';
import { useSignature } from '../agents/use-signature.ts';
import type { Context } from '../context.ts';
import { find } from '../deals/find.ts';
import { release } from '../deals/release.ts';
import type { Reservation } from '../deals/reservation-repository.ts';
import { toMajor } from '../money.ts';
import type { Call } from '../request-scope.ts';
import { unary } from './unary.ts';
import * as validate from './validate.ts';

/** A buyer's methods on the deal that it has the code of. */
export function reservationHandlers(
  ctx: Context,
): Pick<NegotiationServiceHandlers, 'GetReceiptKeys' | 'GetReservation' | 'ReleaseReservation'> {
  const logger = ctx.logger.child({ logger: 'reservations' });
  const get = async (
    request: GetReservationRequest__Output,
    call: Call,
  ): Promise<GetReservationResponse> => {
    const code = codeOf(request);
    await useSignature({ ...ctx, logger }, call);
    return { reservation: toMessage(await find(ctx, code)) };
  };
  const giveBack = async (
    request: ReleaseReservationRequest__Output,
    call: Call,
  ): Promise<ReleaseReservationResponse> => {
    const code = codeOf(request);
    await useSignature({ ...ctx, logger }, call);
    return { reservation: toMessage(await release({ ...ctx, logger }, code, 'agent')) };
  };
  const keys = ctx.config.receiptKeys.map(({ kid, x }) => {
    return { keyId: kid, publicKey: Buffer.from(x, 'base64url') };
  });
  return {
    GetReceiptKeys: unary(logger, 'GetReceiptKeys', () => Promise.resolve({ keys })),
    GetReservation: unary(logger, 'GetReservation', get),
    ReleaseReservation: unary(logger, 'ReleaseReservation', giveBack),
  };
}

function codeOf({ reservationCode }: { readonly reservationCode: string }): string {
  validate.validate({ reservation_code: validate.reservationCode(reservationCode) });
  return reservationCode;
}

const MESSAGE_STATUSES = Object.fromEntries(
  Object.entries(RESERVATION_STATUSES).map(([name, status]) => [status, name]),
) as Readonly<Record<Reservation['status'], ReservationStatus>>;

function toMessage(reservation: Reservation): Message {
  const { code, itemId, itemName, priceMinor, currency, status, heldUntil } = reservation;
  return {
    reservationCode: code,
    itemId,
    itemName,
    price: toMajor(priceMinor, currency),
    currencyCode: currency,
    status: MESSAGE_STATUSES[status],
    heldUntilTimestamp: heldUntil,
    receipt: reservation.receipt ?? '',
  };
}
