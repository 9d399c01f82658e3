import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmbeddedPostgres } from '../../dev/local-stack/embedded-postgres.ts';
import { startTestPostgres } from '../../dev/testing/database.ts';

let database: EmbeddedPostgres;
beforeAll(async () => {
  database = await startTestPostgres();
});
afterAll(() => database.close());

async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('clients at the same time each get the answers to their own statements', async () => {
  // A parameter of this size comes in many pieces, between which others could get a word in.
  const long = 'x'.repeat(300_000);
  const ask = (name: string) =>
    withClient(async (client) => {
      const answers: unknown[] = [];
      for (let i = 0; i < 40; i++) {
        const { rows } = await client.query(
          `select '${name}' || $1::int as said, length($2) as n`,
          [i, long],
        );
        answers.push(rows[0]);
      }
      return answers;
    });
  const names = ['a', 'b', 'c', 'd'];
  const answers = await Promise.all(names.map(ask));
  for (const [i, name] of names.entries()) {
    expect(answers[i]).toEqual(
      Array.from({ length: 40 }, (_, n) => ({ said: `${name}${n}`, n: long.length })),
    );
  }
});

test('simple and extended queries of several clients do not disturb each other', async () => {
  const long = 'x'.repeat(1_500_000);
  const extended = withClient(async (client) => {
    for (let i = 0; i < 25; i++) {
      const { rows } = await client.query('select length($1) + $2::int as n', [long, i]);
      expect(rows).toEqual([{ n: long.length + i }]);
    }
  });
  const simple = withClient(async (client) => {
    for (let i = 0; i < 400; i++) {
      expect((await client.query(`select ${i} as n`)).rows).toEqual([{ n: i }]);
    }
  });
  const transactions = withClient(async (client) => {
    for (let i = 0; i < 60; i++) {
      await client.query('begin');
      expect((await client.query('select $1::int as n', [i])).rows).toEqual([{ n: i }]);
      await client.query('commit');
    }
  });
  await Promise.all([extended, simple, transactions]);
});

test('a client that goes away in the middle of a statement holds nobody up', async () => {
  const leaving = new Client({ connectionString: database.url });
  leaving.on('error', () => undefined);
  await leaving.connect();
  // The server has read the statement and waits for its parameters.
  const { connection } = leaving as unknown as {
    connection: {
      parse(query: object): void;
      flush(): void;
      stream: NodeJS.WritableStream & { destroy(): void };
    };
  };
  connection.parse({ text: 'select $1::int', name: '', types: [] });
  connection.flush();
  await new Promise((resolve) => connection.stream.write('', resolve));
  connection.stream.destroy();
  expect(
    await withClient(async (client) => (await client.query('select $1::int as n', [7])).rows),
  ).toEqual([{ n: 7 }]);
});
