/** `deals explain`: a haggle round by round, for the seller's own terminal: it tells the floor. */
import type { ExplainedRound, Explanation } from '../deals/explanation-repository.ts';
import { findExplanation } from '../deals/explanation-repository.ts';
import { formatMoney, formatPlain, toMajor } from '../money.ts';
import type { Terms } from '../terms.ts';
import type { SellerContext } from './run.ts';
import { say, table, UsageError } from './run.ts';

/** @param deal a reservation's code, or the id of a haggle, with a deal or without */
export async function explainDeal(
  { db }: SellerContext,
  deal: string,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const found = await findExplanation(db, deal);
  if (!found) throw new UsageError('there is no such haggle');
  if (json) return void say(JSON.stringify(toJson(found)));
  const { currency, priceMinor } = found;
  const price = priceMinor === null ? [] : [formatMoney(priceMinor, currency)];
  say([found.id, found.ended, ...price].join('  '));
  const signs = found.isVerified ? 'who signs' : 'who does not sign';
  say(`  ${found.itemName} (${found.itemId}), for ${found.agentDid}, ${signs}`);
  const rows = found.rounds.map((round) => toCells(round, currency));
  for (const line of table([TITLES, ...rows])) say(`  ${line}`);
  for (const line of termsOf(found)) say(`  ${line}`);
}

const TITLES = ['round', 'at', 'bid', 'ask', 'outcome', 'strategy', 'words', 'signed', 'trace'];
/** Stands for what a core of the release before did not keep, and for what there is not. */
const NONE = '-';

function toCells(round: ExplainedRound, currency: string): string[] {
  const { isVerified } = round;
  return [
    String(round.round),
    round.createdAt.toISOString(),
    formatPlain(round.bidMinor, currency),
    formatPlain(round.askMinor, currency),
    round.outcome,
    round.strategy ?? NONE,
    round.words ?? NONE,
    isVerified === null ? NONE : isVerified ? 'yes' : 'no',
    traceId(round) ?? NONE,
  ];
}

function traceId({ traceparent }: ExplainedRound): string | undefined {
  return traceparent?.split('-')[1];
}

/** The terms of the first round, and of each one that had others. */
function termsOf({ rounds, currency }: Explanation): string[] {
  const lines = rounds.map(({ terms, policyVersion }) =>
    terms ? `policy ${policyVersion}, ${inWords(terms, currency)}` : 'terms that were not kept',
  );
  return lines.flatMap((line, i) =>
    line === lines[i - 1] ? [] : [`from round ${rounds[i]?.round}: ${line}`],
  );
}

function inWords(terms: Terms, currency: string): string {
  const money = (minor: number): string => formatMoney(minor, currency);
  return [
    `list price ${money(terms.baseMinor)}`,
    `floor ${money(terms.floorMinor)}`,
    `rounds ${terms.rounds}`,
    `beta ${terms.beta}`,
    `margin ${terms.margin}`,
    `margin amount ${money(terms.marginMinor)}`,
    `opening ratio ${terms.openingRatio}`,
    `bucket ratio ${terms.bucketRatio}`,
    `discount cap ${terms.discountCap}`,
  ].join(', ');
}

/** Amounts are in major units. */
function toJson(found: Explanation): object {
  const { currency, priceMinor } = found;
  const money = (minor: number): number => toMajor(minor, currency);
  return {
    deal_id: found.id,
    ended: found.ended,
    item_id: found.itemId,
    agent_did: found.agentDid,
    agent_verified: found.isVerified,
    currency,
    price: priceMinor === null ? null : money(priceMinor),
    rounds: found.rounds.map((round) => ({
      round: round.round,
      at: round.createdAt.toISOString(),
      bid: money(round.bidMinor),
      ask: money(round.askMinor),
      outcome: round.outcome,
      strategy: round.strategy,
      words: round.words,
      signed: round.isVerified,
      trace_id: traceId(round) ?? null,
      policy_version: round.policyVersion,
      terms: round.terms && termsInMajor(round.terms, money),
    })),
  };
}

function termsInMajor(terms: Terms, money: (minor: number) => number): object {
  const { baseMinor, floorMinor, marginMinor } = terms;
  return {
    list_price: money(baseMinor),
    floor: money(floorMinor),
    rounds: terms.rounds,
    beta: terms.beta,
    margin: terms.margin,
    margin_amount: money(marginMinor),
    opening_ratio: terms.openingRatio,
    bucket_ratio: terms.bucketRatio,
    discount_cap: terms.discountCap,
  };
}
