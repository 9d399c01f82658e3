/** The names of the limits, as answers and metrics tell them. */
export type LimitName = 'searches' | 'bids' | 'requests';

/** Requests a minute; undefined is without limit. */
export type LimitsConfig = Readonly<Record<LimitName, number | undefined>>;

/** A quota tells what a caller has left. */
export interface Quota {
  readonly name: LimitName;
  readonly perMinute: number;
  readonly left: number;
  /** Whole seconds until the window begins anew. */
  readonly resetSeconds: number;
}

/** A caller who asked too often; it is answered with 429. */
export class RateLimited extends Error {
  readonly quota: Quota;

  constructor(quota: Quota) {
    super(`There may be ${quota.perMinute} ${quota.name} a minute.`);
    this.quota = quota;
  }
}
