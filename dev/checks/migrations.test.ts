/** A migration only adds, so that cores of the release before go on working, and can come back. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { read, ROOT } from './docs.ts';

const FOLDER = 'core-service/drizzle';
/** Migrations of before this one were written before the rule, or say how they keep to it. */
const FIRST = '0010_';
/** What a core of the release before may still read, write, or not know that it has to write. */
const TAKES_AWAY = [
  /\bdrop\s+(table|column|view|materialized view|type|function)\b/i,
  /\brename\b/i,
  /\balter\s+column\b.*\b(type|set not null)\b/i,
  /\badd\s+column\b(?!.*\bdefault\b).*\bnot null\b/i,
  /\bdrop\s+default\b/i,
];
/** A comment that a statement needs which takes away after all, with the migration since which nobody uses it. */
const UNUSED = /^-- Unused since (\d{4}_\w+)\./m;

/** @returns the statements that a core of the release before may stumble over */
function takenAway(migration: string): string[] {
  return migration
    .split('--> statement-breakpoint')
    .filter((statement) => !UNUSED.test(statement))
    .map((statement) => statement.replaceAll(/^--.*$/gm, '').trim())
    .filter((statement) => TAKES_AWAY.some((pattern) => pattern.test(statement)));
}

const FILES = readdirSync(join(ROOT, FOLDER)).filter((name) => name.endsWith('.sql'));

test.each(FILES.filter((name) => name >= FIRST))('%s only adds', (name) => {
  expect(takenAway(read(`${FOLDER}/${name}`))).toEqual([]);
});

test.each([
  'ALTER TABLE "deals" DROP COLUMN "price";',
  'ALTER TABLE "deals" RENAME COLUMN "price" TO "price_minor";',
  'ALTER TABLE "deals" ALTER COLUMN "price" SET DATA TYPE bigint;',
  'ALTER TABLE "deals" ALTER COLUMN "price" SET NOT NULL;',
  'ALTER TABLE "deals" ADD COLUMN "currency" text NOT NULL;',
  'DROP TABLE "deals";',
])('%s takes away', (statement) => {
  expect(takenAway(`-- What it is for.\n${statement}--> statement-breakpoint\nselect 1`)).toEqual([
    statement,
  ]);
  expect(takenAway(`-- Unused since 0010_vectors.\n${statement}`)).toEqual([]);
});

test.each([
  'ALTER TABLE "deals" ADD COLUMN "note" text;',
  'ALTER TABLE "deals" ADD COLUMN "is_signed" boolean DEFAULT false NOT NULL;',
  'CREATE INDEX "deals_price_idx" ON "deals" USING btree ("price");',
])('%s adds', (statement) => {
  expect(takenAway(statement)).toEqual([]);
});
