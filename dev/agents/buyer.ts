/**
 * This buyer is there to try Aura with: it searches, haggles and closes over HTTP, or over MCP,
 * and prints the dialogue. It exits with 0 after a deal, with 2 without one, and with 1 when something is wrong.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readNumber } from '../../core-service/src/numbers.ts';
import type { Answer, Client, Item } from './client.ts';
import { createClient } from './client.ts';
import type { Signer } from './sign.ts';
import { createSigner } from './sign.ts';

const USAGE = `usage: npx -y pnpm@12 agent --budget 60 "cheap hostel in Bali"
  --budget   the most to pay, in the item's currency
  --gateway  http://127.0.0.1:8000 (or GATEWAY_URL)
  --jaeger   http://127.0.0.1:16686 (or JAEGER_UI_URL), for the links
  --agent    did:example:buyer
  --key      agent.pem of \`agent:key\`, which signs the requests and says who the agent is
  --mcp      speaks MCP, with the official client, in place of plain HTTP
  --help     prints this`;

/** The highest list price worth a haggle, as a multiple of the budget; dearer items are left alone. */
const REACH = 1.6;
/** The first bid, as a share of the list price; the budget is its limit. */
const OPENING = 0.6;
/** The share of what lies between its bid and the ask by which the buyer gives way each time. */
const STEP = 0.3;
/** The largest budget that is read; the gateway takes no bid above it. */
const MAX_BUDGET = 1_000_000_000;
/** Bids in one haggle; after the last one the buyer leaves. */
const MAX_BIDS = 12;

interface Wish {
  readonly query: string;
  readonly budget: number;
  readonly gateway: string;
  readonly jaeger: string;
  readonly agent: string;
  /** Undefined where the requests are not signed. */
  readonly signer: Signer | undefined;
  readonly mcp: boolean;
}

function readWish(): Wish {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      budget: { type: 'string' },
      gateway: { type: 'string', default: process.env['GATEWAY_URL'] || 'http://127.0.0.1:8000' },
      jaeger: { type: 'string', default: process.env['JAEGER_UI_URL'] || 'http://127.0.0.1:16686' },
      agent: { type: 'string' },
      key: { type: 'string' },
      mcp: { type: 'boolean', default: false },
    },
  });
  const query = positionals.join(' ');
  if (query === '') throw new Error('say what you are looking for');
  if (!/^https?:\/\//i.test(values.gateway) || !URL.canParse(values.gateway)) {
    throw new Error('--gateway or GATEWAY_URL must be a URL such as http://[::1]:8000');
  }
  const signer = values.key === undefined ? undefined : readKey(values.key);
  const agent = values.agent ?? signer?.did ?? 'did:example:buyer';
  return { ...values, query, budget: readBudget(values.budget), agent, signer };
}

function readKey(file: string): Signer {
  try {
    return createSigner(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`--key must name a private key in PEM: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** A person types it, so it is read like the numbers of core's commands. */
function readBudget(text: string | undefined): number {
  if (text === undefined) throw new Error('--budget is missing');
  const budget = readNumber(text, { min: 0, max: MAX_BUDGET });
  if (typeof budget === 'string') throw new Error(`--budget ${budget}`);
  if (budget === 0) throw new Error('--budget must be above 0');
  return budget;
}

/** Rounds an amount down to the decimals of the currency, so that the budget holds. */
function toMoney(amount: number, currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const unit = 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2);
  // A sum like 0.1 + 0.2 must not lose its last cent.
  return Math.floor(amount * unit + 1e-6) / unit;
}

async function clientOf({ gateway, mcp, signer }: Wish): Promise<Client> {
  if (!mcp) return createClient(gateway, signer);
  const { createMcpClient } = await import('./mcp-client.ts');
  return createMcpClient(gateway, signer);
}

/** @returns the exit code */
async function buy(wish: Wish): Promise<number> {
  const client = await clientOf(wish);
  const say = (who: string, text: string, traceId: string): void =>
    console.log(`${who.padEnd(7)}${text}\n       ${wish.jaeger}/trace/${traceId}`);

  console.log(`buyer  I am looking for: ${wish.query}. My budget is ${wish.budget}.`);
  const { body: found, traceId } = await client.search(wish.query);
  const listed = found.results.map(({ name, price, currency }) => `${name}, ${price} ${currency}`);
  say('aura', listed.join('\n       ') || 'Nothing like that.', traceId);
  const item = found.results.find(({ price }) => price <= wish.budget * REACH);
  if (!item) return leave('All of it is out of my reach.');
  console.log(`buyer  ${item.name} is the best match within my reach.`);
  return await haggle(client, wish, item, say);
}

async function haggle(
  client: Client,
  wish: Wish,
  item: Item,
  say: (who: string, text: string, traceId: string) => void,
): Promise<number> {
  const { currency } = item;
  let amount = toMoney(Math.min(wish.budget, OPENING * item.price), currency);
  let session: { readonly session_token?: string } = {};
  for (let bids = 1; bids <= MAX_BIDS; bids++) {
    console.log(`buyer  ${amount} ${currency}?`);
    const bid = { item_id: item.id, bid_amount: amount, agent_did: wish.agent, ...session };
    const { body: answer, traceId } = await client.negotiate(bid);
    say('aura', wordsOf(answer, currency), traceId);
    if (answer.status === 'accepted') {
      const { receipt } = answer.data;
      if (receipt !== undefined) console.log(`receipt ${receipt}`);
      return 0;
    }
    if (answer.status === 'ui_required') return leave('Then I wait for that.');
    if (answer.status === 'rejected') return leave('A pity.');
    const ask = answer.data.proposed_price;
    if (answer.data.reason_code === 'LAST_OFFER' && ask > wish.budget) {
      return leave('More than I have.');
    }
    const next = toMoney(Math.min(wish.budget, amount + STEP * (ask - amount)), currency);
    const take = ask <= wish.budget && (answer.data.reason_code === 'LAST_OFFER' || next >= ask);
    amount = take ? ask : next;
    session = { session_token: answer.session_token };
  }
  return leave('This leads nowhere.');
}

function wordsOf(answer: Answer, currency: string): string {
  if (answer.status === 'accepted') {
    const { final_price: price, reservation_code: code } = answer.data;
    return `It is yours for ${price} ${currency}. Your code: ${code}`;
  }
  if (answer.status === 'countered') return answer.data.message;
  if (answer.status === 'rejected') return `No (${answer.data.reason_code}).`;
  return `A person has to confirm this: ${answer.action_required.context.reason ?? ''}.`;
}

function leave(text: string): number {
  console.log(`buyer  ${text}`);
  return 2;
}

let wish: Wish | undefined;
try {
  if (process.argv.includes('--help')) console.log(USAGE);
  else {
    wish = readWish();
    process.exitCode = await buy(wish);
  }
} catch (error) {
  const { message } = error as Error;
  if (!wish) console.error(`${message}\n${USAGE}`);
  else if (message.endsWith('fetch failed')) {
    console.error(`Nobody answers at ${wish.gateway}: --gateway or GATEWAY_URL names another.`);
  } else console.error(message);
  process.exitCode = 1;
}
