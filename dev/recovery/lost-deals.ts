/** What a buyer is told about a deal that the database does not know any more. */
import type { Deal } from '../soak/ledger.ts';

type Counts = Map<string, number>;

/** Asks by each thing that a buyer holds. @returns how often which answer came, by what was asked with */
export async function askAboutLost(
  gatewayUrl: string,
  deals: readonly Deal[],
): Promise<Map<string, Counts>> {
  const seen = new Map<string, Counts>();
  const note = (question: string, answer: string): void => {
    const counts: Counts = seen.get(question) ?? new Map<string, number>();
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
    seen.set(question, counts);
  };
  const bid = (body: object, key?: string): Promise<string> =>
    ask(`${gatewayUrl}/v1/negotiate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
      body: JSON.stringify(body),
    });
  for (const [i, { code, token, key, body }] of deals.entries()) {
    const reservation = `${gatewayUrl}/v1/reservations/${code}`;
    note('the code', await ask(reservation));
    note('a release', await ask(`${reservation}/release`, { method: 'POST' }));
    // A deal that comes about by the one leaves nothing to ask by the other.
    if (i % 2 === 0) note('the same key', await bid(body, key));
    else note('the session', await bid({ ...body, session_token: token }));
  }
  return seen;
}

/** @returns the status, and what a bid came to */
async function ask(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, init);
  const { status, data } = (await response.json()) as {
    readonly status?: unknown;
    readonly data?: { readonly reason_code?: string };
  };
  const outcome = typeof status === 'string' ? [status, data?.reason_code ?? ''] : [];
  return [response.status, ...outcome].join(' ').trim();
}
