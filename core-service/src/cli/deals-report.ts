/** `deals report`: what the real haggles came to, for the seller's own terminal. */
import type { DayOfItem } from '../deals/report-repository.ts';
import { ENDINGS, reportDays } from '../deals/report-repository.ts';
import { findItem } from '../inventory/repository.ts';
import { formatPlain, toMajor } from '../money.ts';
import type { SellerContext } from './run.ts';
import { noItem, readCount, say, table } from './run.ts';

export const DEFAULT_DAYS = '7';
const MAX_DAYS = 3_650;

export interface ReportOptions {
  readonly item?: string;
  readonly days: string;
  readonly json?: boolean;
}

/** Haggles that ended without a deal are told of as long as they are kept. */
export async function report(
  { db }: SellerContext,
  { item: itemId, days: text, json = false }: ReportOptions,
): Promise<void> {
  const days = readCount('--days', text, 1, MAX_DAYS);
  if (itemId !== undefined && !(await findItem(db, itemId))) throw noItem(itemId);
  const found = await reportDays(db, { itemId, days });
  if (json) say(JSON.stringify(found.map(toJson)));
  else if (found.length === 0) say(`There were no haggles ${days === 1 ? 'today' : period(days)}.`);
  else for (const line of table([TITLES, ...found.map(toCells)])) say(line);
}

const period = (days: number): string => `in the last ${days} days`;

const TITLES = ['item', 'day', 'haggles', 'deals', 'kept', 'conceded', ...ENDINGS, 'rounds'];

/** The rounds are written as bids × haggles. */
function toCells(one: DayOfItem): string[] {
  const rounds = Object.entries(one.rounds).map(([bids, haggles]) => `${bids}×${haggles}`);
  return [
    one.itemId,
    one.day,
    String(one.haggles),
    String(one.deals),
    one.kept?.toFixed(2) ?? '-',
    `${formatPlain(one.concededMinor, one.currency)} ${one.currency}`,
    ...ENDINGS.map((ending) => String(one.ended[ending])),
    rounds.join(' ') || '-',
  ];
}

/** Amounts are in major units. */
function toJson(one: DayOfItem): object {
  return {
    item_id: one.itemId,
    day: one.day,
    currency: one.currency,
    haggles: one.haggles,
    deals: one.deals,
    kept: one.kept ?? null,
    conceded: toMajor(one.concededMinor, one.currency),
    ended: one.ended,
    rounds: one.rounds,
  };
}
