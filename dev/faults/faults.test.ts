/**
 * These tests hold what is promised for each fault, on a native Postgres: what was sent, what came
 * back, and what the database holds then. At the end they print one line for each fault.
 */
import { performance } from 'node:perf_hooks';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { nativeUrl } from '../../core-service/test/core-harness.ts';
import type { Answer, Arena, Holds } from '../testing/arena.ts';
import { REQUEST_TIMEOUT_MS, startArena } from '../testing/arena.ts';

/** The factor by which tests wait longer than an answer may take. */
const SLACK = 5;

describe.runIf(nativeUrl)('faults', () => {
  let arena: Arena;
  let agent: string;
  let agents = 0;
  const figures: string[] = [];

  beforeAll(async () => {
    arena = await startArena();
  });
  beforeEach(() => {
    agent = `did:example:${agents++}`;
  });
  afterEach(async () => {
    for (const proxy of [arena.databaseProxy, arena.modelProxy, arena.collectorProxy]) {
      await proxy.set('none');
    }
    await arena.setModelFault('none');
    await ready();
  });
  afterAll(async () => {
    await arena?.stop();
    console.log(figures.join('\n'));
  });

  const LOW = 50;
  const LIST = 100;
  const bid = (bid_amount: number, key?: string, more: object = {}): Promise<Answer> =>
    arena.post(
      '/v1/negotiate',
      { item_id: 'room', bid_amount, agent_did: agent, ...more },
      { ...(key !== undefined && { key }) },
    );
  const ready = (): Promise<void> =>
    vi.waitFor(
      async () => {
        expect((await arena.get('/readyz')).status).toBe(200);
        expect((await bid(LOW)).status).toBe(200);
      },
      { timeout: 30_000, interval: 100 },
    );

  /** Notes the line that is printed at the end; the tests themselves assert. */
  function note(fault: string, answers: readonly Answer[], tookMs: number, holds: Holds): void {
    const statuses = Object.entries(Object.groupBy(answers, ({ status }) => String(status)));
    const counts = statuses.map(([status, each]) => `${each?.length} × ${status}`).join(', ');
    const { sessions, rounds, reservations, keys } = holds;
    const rows = `${sessions} sessions, ${rounds} rounds, ${reservations} reservations, ${keys} keys`;
    figures.push(`${fault}: ${counts} in ${Math.round(tookMs)} ms; ${rows}`);
  }
  /** Sends the requests at once, and notes what became of them. */
  async function under(
    fault: string,
    requests: readonly (() => Promise<Answer>)[],
  ): Promise<{ readonly answers: Answer[]; readonly tookMs: number; readonly holds: Holds }> {
    const began = performance.now();
    const answers = await Promise.all(requests.map((request) => request()));
    const tookMs = performance.now() - began;
    const holds = await arena.holds(agent);
    note(fault, answers, tookMs, holds);
    return { answers, tookMs, holds };
  }
  const statusesOf = (answers: readonly Answer[]): unknown[] => [
    ...new Set(answers.map(({ status }) => status)),
  ];

  describe('the model', () => {
    test.each(['429', '500', 'hanging', 'malformed', 'truncated', 'hostile', 'no_tool'])(
      '%s: the policy answers',
      async (fault) => {
        await arena.setModelFault(fault);
        const { answers, tookMs, holds } = await under(`model ${fault}`, [() => bid(LOW)]);
        expect(statusesOf(answers)).toEqual([200]);
        expect(holds).toMatchObject({ sessions: 1, rounds: 1 });
        expect(tookMs).toBeLessThan(SLACK * 3_200);
      },
    );

    test('refused: the policy answers, and after five failures it is left alone', async () => {
      await arena.modelProxy.set('refuse');
      const eight = Array.from({ length: 8 }, () => () => bid(LOW));
      const { answers, holds } = await under('model refused', eight);
      expect(statusesOf(answers)).toEqual([200]);
      expect(holds).toMatchObject({ sessions: 8, rounds: 8 });
      await vi.waitFor(async () => {
        expect((await arena.get('/health')).body.checks.model).toBe('unavailable');
      }, SLACK * 1_000);
      await arena.core().stop();
      await arena.restartCore();
    });
  });

  describe('Postgres', () => {
    test.each(['refuse', 'reset'] as const)('down (%s): 503 and Retry-After', async (fault) => {
      await arena.databaseProxy.set(fault);
      const { answers, tookMs, holds } = await under(`database ${fault}`, [
        () => bid(LOW),
        () => bid(LIST, 'a-key'),
        () => arena.post('/v1/search', { query: 'room' }),
        () => arena.get('/v1/reservations/AURA-00000000-00000000-00000000-00000000'),
      ]);
      expect(statusesOf(answers)).toEqual([503]);
      for (const { headers } of answers) expect(headers.get('retry-after')).toBe('1');
      expect(tookMs).toBeLessThan(SLACK * 1_000);
      expect(holds).toEqual({ sessions: 0, rounds: 0, reservations: 0, keys: 0 });
      await vi.waitFor(async () => {
        expect((await arena.get('/readyz')).status).toBe(503);
      }, SLACK * 2_000);
      expect((await arena.get('/healthz')).status).toBe(200);

      const back = performance.now();
      await arena.databaseProxy.set('none');
      await ready();
      expect(performance.now() - back).toBeLessThan(SLACK * 5_000);
      expect((await bid(LIST, 'a-key')).body.status).toBe('accepted');
    });

    test('gone without a word (half open): it recovers by itself', async () => {
      await arena.databaseProxy.set('half_open');
      const five = Array.from({ length: 5 }, () => () => bid(LOW));
      const { answers } = await under('database half open', five);
      for (const { status } of answers) expect([200, 503, 504]).toContain(status);
      await vi.waitFor(async () => expect((await bid(LOW)).status).toBe(200), SLACK * 5_000);
    });

    test('that nothing gets through to (black hole): an answer within the deadline', async () => {
      await arena.databaseProxy.set('black_hole');
      const ten = Array.from({ length: 10 }, (_, i) => () => bid(LIST, `hole-${i}`));
      const { answers, tookMs } = await under('database black hole', ten);
      for (const { status } of answers) expect([503, 504]).toContain(status);
      expect(tookMs).toBeLessThan(SLACK * REQUEST_TIMEOUT_MS);
      await arena.databaseProxy.set('none');
      await ready();
      // Each bid is sent once more under its key: each is a deal, and there is one of each.
      const again = await Promise.all(
        answers.map((_, i) => untilAnswered(() => bid(LIST, `hole-${i}`))),
      );
      expect(statusesOf(again)).toEqual([200]);
      const codes = again.map(({ body }) => body.data.reservation_code);
      expect(new Set(codes).size).toBe(10);
      expect((await arena.holds(agent)).reservations).toBe(10);
    });

    test('slow: every request takes longer, none is lost', async () => {
      await arena.databaseProxy.set({ delayMs: 50 });
      const ten = Array.from({ length: 10 }, () => () => bid(LIST));
      const { answers, holds } = await under('database 100 ms slower', ten);
      expect(statusesOf(answers)).toEqual([200]);
      expect(holds.reservations).toBe(10);
    });

    test('locked: an answer within the deadline, a bounded wait for a connection, none is leaked', async () => {
      const unlock = await arena.database.lock('negotiation_sessions', 'exclusive');
      const twenty = Array.from({ length: 20 }, () => () => bid(LIST));
      const { answers, tookMs } = await under('table locked', twenty);
      for (const { status } of answers) expect([503, 504]).toContain(status);
      expect(tookMs).toBeLessThan(SLACK * REQUEST_TIMEOUT_MS);
      await vi.waitFor(async () => expect(await activeStatements()).toBe(0), SLACK * 200);
      await unlock();
      expect((await arena.holds(agent)).reservations).toBe(0);
      const after = await Promise.all(twenty.map((request) => request()));
      expect(statusesOf(after)).toEqual([200]);
    });
  });

  const activeStatements = async (): Promise<number> =>
    (
      await arena.database.query(
        `select count(*)::int n from pg_stat_activity where state <> 'idle'
           and application_name = 'aura-core' and datname = current_database()`,
      )
    )[0].n;

  /** Sends a bid as a client does: again under the same key, until there is an answer. */
  async function untilAnswered(request: () => Promise<Answer>): Promise<Answer> {
    return await vi.waitFor(
      async () => {
        const answer = await request();
        expect(answer.status).toBe(200);
        return answer;
      },
      { timeout: 30_000, interval: 100 },
    );
  }

  describe('core', () => {
    test('down: 503 within a second, and it reconnects', async () => {
      await arena.core().stop();
      const { answers, tookMs } = await under('core down', [
        () => bid(LOW),
        () => arena.post('/v1/search', { query: 'room' }),
      ]);
      expect(statusesOf(answers)).toEqual([503]);
      expect(tookMs).toBeLessThan(SLACK * 1_000);
      expect((await arena.get('/readyz')).status).toBe(503);
      expect((await arena.get('/healthz')).status).toBe(200);
      await arena.restartCore();
      await ready();
    });

    test('stopped in its tracks (SIGSTOP): 504; what was sent then is answered once', async () => {
      const { pid } = arena.core();
      process.kill(pid, 'SIGSTOP');
      // A core that stands still would not even end.
      onTestFinished(() => void process.kill(pid, 'SIGCONT'));
      const { answers, tookMs } = await under('core stopped', [() => bid(LIST, 'frozen')]);
      expect(statusesOf(answers)).toEqual([504]);
      expect(tookMs).toBeLessThan(SLACK * REQUEST_TIMEOUT_MS);
      process.kill(pid, 'SIGCONT');
      const { body } = await untilAnswered(() => bid(LIST, 'frozen'));
      expect(body.status).toBe('accepted');
      expect(await arena.holds(agent)).toEqual({
        sessions: 1,
        rounds: 1,
        reservations: 1,
        keys: 1,
      });
    });

    test.each([
      ['when it was as good as decided', false],
      ['and its statement with it', true],
    ])('killed in mid-request (%s): one deal for one key', async (when, rollBack) => {
      const unlock = await arena.database.lock('reservations', 'exclusive');
      const began = performance.now();
      const lost = bid(LIST, 'killed');
      await vi.waitFor(async () => expect(await activeStatements()).toBe(1), 10_000);
      arena.core().kill();
      expect((await lost).status).toBe(503);
      if (rollBack) {
        await arena.database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'aura-core' and datname = current_database()`,
        );
      }
      await unlock();
      await arena.restartCore();
      const { body } = await untilAnswered(() => bid(LIST, 'killed'));
      const tookMs = performance.now() - began;
      expect(body.status).toBe('accepted');
      expect((await untilAnswered(() => bid(LIST, 'killed'))).body).toEqual(body);
      const holds = await arena.holds(agent);
      note(`core killed ${when}`, [await lost], tookMs, holds);
      expect(holds).toEqual({ sessions: 1, rounds: 1, reservations: 1, keys: 1 });
    });

    test('SIGTERM under load: what was accepted is in the database, and it ends with 0', async () => {
      const stop = new AbortController();
      const answers: Answer[] = [];
      const buyers = Array.from({ length: 20 }, async () => {
        let answer: Answer | undefined;
        // When nobody listens any more, the shutdown is over.
        while (!stop.signal.aborted && answer?.status !== 'ECONNREFUSED') {
          answers.push((answer = await bid(LIST)));
        }
      });
      await vi.waitFor(() => expect(answers.length).toBeGreaterThan(100), 30_000);
      const began = performance.now();
      const [gatewayExit, coreExit] = [await arena.gateway().stop(), await arena.core().stop()];
      const tookMs = performance.now() - began;
      stop.abort();
      await Promise.all(buyers);
      expect([gatewayExit, coreExit]).toEqual([0, 0]);
      expect(tookMs).toBeLessThan(10_000);
      const deals = answers.filter(({ body }) => body?.status === 'accepted');
      const holds = await arena.holds(agent);
      note('SIGTERM under load', answers, tookMs, holds);
      expect(holds.reservations).toBe(deals.length);
      expect(holds.sessions).toBe(deals.length);
      await arena.restartCore();
      await arena.restartGateway();
    });
  });

  test.each(['refuse', 'reset', 'black_hole', 'half_open'] as const)(
    'the collector (%s): no change to be seen',
    async (fault) => {
      await arena.collectorProxy.set(fault);
      const many = Array.from({ length: 50 }, () => () => bid(LIST));
      const { answers, holds } = await under(`collector ${fault}`, many);
      expect(statusesOf(answers)).toEqual([200]);
      expect(holds.reservations).toBe(50);
    },
  );

  describe('one key', () => {
    test('100 at once: one row, and the same body byte for byte', async () => {
      await arena.setModelFault('slow');
      const hundred = Array.from({ length: 100 }, () => () => bid(LOW, 'one'));
      const { answers, holds } = await under('100 with one key', hundred);
      for (const { status } of answers) expect([200, 409]).toContain(status);
      const bodies = answers.filter(({ status }) => status === 200).map(({ body }) => body);
      expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
      expect(await arena.modelCalls()).toBe(1);
      expect(holds).toEqual({ sessions: 1, rounds: 1, reservations: 0, keys: 1 });
      expect((await bid(LOW, 'one')).body).toEqual(bodies[0]);
    });

    test('another payload: 422', async () => {
      await bid(LIST, 'one');
      const { answers, holds } = await under('key with another payload', [() => bid(99, 'one')]);
      expect(answers[0]?.status).toBe(422);
      expect(answers[0]?.body.type).toBe('urn:aura:problem:idempotency-key-reused');
      expect(holds).toEqual({ sessions: 1, rounds: 1, reservations: 1, keys: 1 });
    });
  });

  test('bad input: a 4xx that names the field, and nothing is written', async () => {
    const bad = (text: string, i: number): (() => Promise<Answer>) => {
      const body = `{"item_id":"room","agent_did":"${agent}",${text}}`;
      return () => arena.post('/v1/negotiate', body, { key: `bad-${i}` });
    };
    const amounts = ['NaN', 'Infinity', '-Infinity', '1e400', '0', '-1', '1.001', '"1"', 'null'];
    const texts = [
      ...amounts.map((amount) => `"bid_amount":${amount}`),
      '"bid_amount":1,"currency":"EUR"',
      '"bid_amount":1,"currency":"usd"',
      '"bid_amount":1,"session_token":"sess_\\u0000\\u0000\\u0000\\u0000"',
      '"bid_amount":1,"session_token":"\\ud800"',
      `"bid_amount":${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      `"bid_amount":1,"currency":"${'x'.repeat(17_000)}"`,
    ];
    const { answers, holds } = await under('bad input', texts.map(bad));
    for (const { status, body } of answers) {
      expect([400, 413]).toContain(status);
      expect(body.type).toMatch(/^urn:aura:problem:/);
    }
    expect(holds).toEqual({ sessions: 0, rounds: 0, reservations: 0, keys: 0 });
  });

  test('a client that goes away: nothing goes on for it', async () => {
    await arena.setModelFault('hanging');
    const leaving = new AbortController();
    const left = arena.post(
      '/v1/negotiate',
      { item_id: 'room', bid_amount: LOW, agent_did: agent },
      { key: 'left', signal: leaving.signal },
    );
    await vi.waitFor(async () => expect(await arena.modelCalls()).toBe(1), 10_000);
    const began = performance.now();
    leaving.abort();
    await vi.waitFor(async () => expect((await arena.holds(agent)).keys).toBe(0), {
      timeout: SLACK * 200,
      interval: 5,
    });
    const holds = await arena.holds(agent);
    note('client gone: its key is free', [await left], performance.now() - began, holds);
    expect(holds).toEqual({ sessions: 0, rounds: 0, reservations: 0, keys: 0 });
  });
});
