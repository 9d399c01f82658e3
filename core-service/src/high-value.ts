/** Amounts above which a bid waits for a person. */
import { MAX_EXACT_DIGITS, readAmount } from './amount.ts';
import { currencyProblem } from './money.ts';

/** About 1,000 USD in the currencies of most trade. */
export const DEFAULT_THRESHOLDS = [
  'USD:1000,EUR:1000,GBP:1000,CHF:1000,CAD:1500,AUD:1500,NZD:1500,SGD:1500,JPY:150000,KRW:1500000',
  'CNY:7000,HKD:8000,TWD:30000,THB:35000,INR:85000,IDR:16000000,VND:25000000,MYR:4500,PHP:55000',
  'MXN:18000,BRL:5500,ARS:1000000,CLP:950000,COP:4000000,PEN:3700,ZAR:18000,MAD:10000,EGP:50000',
  'KES:130000,TRY:35000,AED:3700,SAR:3700,QAR:3700,KWD:300,BHD:375,OMR:385,JOD:700,TND:3100',
  'NOK:11000,SEK:10500,DKK:7000,ISK:140000,PLN:4000,CZK:23000,HUF:360000,RON:4500,ILS:3700',
].join(',');

/** A comma separates entries only where the next one begins: `USD:1,000.00,JPY:150000` has two. */
const NEXT_ENTRY = /,(?=\s*[A-Za-z]+\s*:)/;

/**
 * Reads `HIGH_VALUE_THRESHOLDS`, such as `USD:1000,JPY:150000`.
 *
 * @returns minor units by currency
 * @throws Error that names all entries that are wrong
 */
export function readThresholds(text: string): ReadonlyMap<string, number> {
  const thresholds = new Map<string, number>();
  const problems: string[] = [];
  for (const entry of text.split(NEXT_ENTRY)) {
    const read = readThreshold(entry);
    if (typeof read === 'string') problems.push(read);
    else if (thresholds.has(read.code)) problems.push(`names ${read.code} twice`);
    else thresholds.set(read.code, read.minor);
  }
  if (problems.length > 0) throw new Error(problems.join('; it '));
  return thresholds;
}

/** @returns the threshold, or what is wrong with its entry */
function readThreshold(entry: string): { readonly code: string; readonly minor: number } | string {
  const [, code = '', amount = ''] = /^\s*([A-Z]{3})\s*:(.+)$/s.exec(entry) ?? [];
  if (code === '') return `has the entry "${entry}", which is not CURRENCY:AMOUNT`;
  const problem = currencyProblem(code);
  if (problem !== undefined) return `names ${code}, which ${problem}`;
  const minor = readAmount(amount, code, MAX_EXACT_DIGITS);
  return typeof minor === 'string' ? `has the entry ${code}: ${minor}` : { code, minor };
}
