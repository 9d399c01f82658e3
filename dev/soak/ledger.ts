/** Keeps what the buyers asked and were told, which is the side of the audit that Aura does not write. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

interface Answer {
  readonly session_token: string;
  readonly status: 'accepted' | 'countered' | 'rejected' | 'ui_required';
  readonly data?: {
    readonly final_price?: number;
    readonly proposed_price?: number;
    readonly reservation_code?: string;
    readonly receipt?: string;
    readonly reason_code?: string;
  };
}

/** A bid under its key, and each different answer that it got. */
interface Entry {
  readonly body: Readonly<Record<string, unknown>>;
  readonly texts: Set<string>;
  /** Milliseconds since 1970: when it was sent first, and when its first answer was there. */
  readonly askedAt: number;
  toldAt: number;
}

/** The deal in an accepted answer. */
export interface Deal extends Pick<Entry, 'askedAt' | 'toldAt' | 'body'> {
  readonly key: string;
  readonly token: string;
  /** Undefined where the cores have no key to sign it with. */
  readonly receipt: string | undefined;
  readonly code: string;
  readonly price: number;
  readonly itemId: string;
  readonly agent: string;
}

/** How often a bid is sent under its key until the buyer loses patience. */
const TRIES = 6;
/** The outcome of a request whose buyer went away before the answer. */
export const LEFT = 'left';
/** Milliseconds that a buyer waits for an answer before it counts as none. */
const PATIENCE_MS = 8_000;

export function createLedger(gatewayUrl: string) {
  const entries = new Map<string, Entry>();
  const outcomes = new Map<string, number>();
  const traceIds: string[] = [];

  function count(outcome: string): void {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  /** Sends one request. @returns the body of a 200, undefined for everything else */
  async function send(path: string, init: RequestInit = {}): Promise<string | undefined> {
    try {
      const signal = init.signal ?? AbortSignal.timeout(PATIENCE_MS);
      const response = await fetch(`${gatewayUrl}${path}`, { ...init, signal });
      const text = await response.text();
      count(String(response.status));
      if (response.status === 200) traceIds.push(response.headers.get('x-trace-id') ?? '');
      return response.status === 200 ? text : undefined;
    } catch (error) {
      // The cause's code says what became of the connection: UND_ERR_SOCKET is one that was closed meanwhile.
      const { cause, name } = error as { cause?: { code?: string }; name: string };
      count(init.signal?.aborted ? LEFT : (cause?.code ?? name));
      return undefined;
    }
  }
  const post = (body: unknown, key?: string, signal?: AbortSignal): RequestInit => ({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

  async function ask(key: string, signal?: AbortSignal): Promise<Answer | undefined> {
    const entry = entries.get(key) as Entry;
    const text = await send('/v1/negotiate', post(entry.body, key, signal));
    if (text === undefined) return undefined;
    if (entry.texts.size === 0) entry.toldAt = Date.now();
    entry.texts.add(text);
    return JSON.parse(text) as Answer;
  }
  function begin(body: Entry['body']): string {
    const key = randomUUID();
    entries.set(key, { body, texts: new Set(), askedAt: Date.now(), toldAt: Infinity });
    return key;
  }
  async function until(key: string, tries: number): Promise<Answer | undefined> {
    for (let i = 0; i < tries; i++) {
      const answer = await ask(key);
      if (answer) return answer;
      await wait(100 * (i + 1));
    }
    return undefined;
  }

  return {
    outcomes,
    traceIds,
    /** Bids, again under the same key until there is an answer; undefined when the buyer loses patience. */
    bid: (body: Entry['body']) => until(begin(body), TRIES),
    /** Sends the same bid several times at once. */
    bidAtOnce: async (body: Entry['body'], times: number) => {
      const key = begin(body);
      await Promise.all(Array.from({ length: times }, () => ask(key)));
      return await until(key, TRIES);
    },
    /** Bids, and goes away after so many milliseconds. */
    bidAndLeave: (body: Entry['body'], ms: number) => ask(begin(body), AbortSignal.timeout(ms)),
    search: (query: string) => send('/v1/search', post({ query })),
    reservation: (code: string) => send(`/v1/reservations/${code}`),
    release: (code: string) => send(`/v1/reservations/${code}/release`, { method: 'POST' }),
    /** Asks for every answer that never came. @returns how many there still are not */
    settle: async (): Promise<number> => {
      const open = [...entries].filter(([, { texts }]) => texts.size === 0).map(([key]) => key);
      const answers = await Promise.all(open.map((key) => until(key, 20)));
      return answers.filter((answer) => !answer).length;
    },
    /** Asks once more in each session that waited for the seller. */
    hear: async (): Promise<void> => {
      const sessions = [...entries.values()].flatMap(({ body, texts }) =>
        [...texts].flatMap((text) => {
          const { status, session_token } = JSON.parse(text) as Answer;
          return status === 'ui_required' ? [{ ...body, session_token }] : [];
        }),
      );
      await Promise.all(sessions.map((body) => until(begin(body), 20)));
    },
    /** @returns how many keys got two different answers */
    contradictions: () => [...entries.values()].filter(({ texts }) => texts.size > 1).length,
    deals: (): Deal[] =>
      [...entries].flatMap(([key, { texts, ...entry }]) =>
        [...texts].flatMap((text) => {
          const { status, session_token: token, data } = JSON.parse(text) as Answer;
          if (status !== 'accepted') return [];
          const code = data?.reservation_code ?? '';
          const price = data?.final_price ?? Number.NaN;
          const { item_id, agent_did } = entry.body;
          const whose = { itemId: String(item_id), agent: String(agent_did) };
          return [{ ...entry, ...whose, key, token, code, price, receipt: data?.receipt }];
        }),
      ),
    asked: () => entries.size,
  };
}

export type Ledger = ReturnType<typeof createLedger>;
