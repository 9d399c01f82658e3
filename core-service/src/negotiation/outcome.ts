/** The outcomes of a bid; amounts are in minor units. */

export type RejectionReason =
  | 'ITEM_NOT_FOUND'
  | 'ITEM_UNAVAILABLE'
  | 'OFFER_TOO_LOW'
  | 'SESSION_INVALID'
  | 'SESSION_EXPIRED'
  | 'SESSION_CLOSED'
  | 'DEAL_DECLINED';

export type Outcome =
  | {
      readonly kind: 'accepted';
      readonly finalMinor: number;
      readonly reservationCode: string;
      /** The terms, signed; null where core has no key. */
      readonly receipt: string | null;
    }
  | {
      readonly kind: 'countered';
      readonly askMinor: number;
      readonly message: string;
      readonly reason: 'BID_BELOW_ASK' | 'LAST_OFFER';
      /** The number of counter-offers that there can still be; undefined where the buyer is not told. */
      readonly roundsLeft?: number;
    }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason }
  | { readonly kind: 'ui_required'; readonly reason: string };
