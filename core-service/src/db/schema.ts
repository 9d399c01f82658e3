/** The tables. Money is integer minor units of the item's currency. */
import { ITEM_ID } from '@aura/proto/limits.ts';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  char,
  check,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
  vector,
} from 'drizzle-orm/pg-core';
import type { Terms } from '../terms.ts';

/** Dimensions of every stored vector, whichever model made it. */
export const EMBEDDING_DIMENSIONS = 1024;

/** Text search configurations that the migrations make, by ISO 639-1; `und` is any other language. */
export const LANGUAGES = [
  'en',
  'da',
  'de',
  'es',
  'fi',
  'fr',
  'hu',
  'it',
  'nl',
  'no',
  'pt',
  'ro',
  'ru',
  'sv',
  'tr',
  'und',
] as const;

/** The prices that asks are rounded up to: any, those that end in .99 or .00, or multiples of 5. */
export const PRICE_ENDINGS = ['any', '.99', '.00', '5'] as const;

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const minor = (name: string) => bigint(name, { mode: 'number' });
const instant = (name: string) => timestamp(name, { withTimezone: true });

export const inventoryItems = pgTable(
  'inventory_items',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    basePriceMinor: minor('base_price_minor').notNull(),
    /** Hidden: it leaves the database for the policy only. */
    floorPriceMinor: minor('floor_price_minor').notNull(),
    currency: char('currency', { length: 3 }).notNull(),
    active: boolean('active').notNull().default(true),
    /** The number that may be reserved at a time; null is without limit. */
    quantity: integer('quantity'),
    /** The next ones say how this item haggles, where that differs from the policy's defaults. */
    rounds: integer('rounds'),
    beta: doublePrecision('beta'),
    bucketRatio: doublePrecision('bucket_ratio'),
    openingRatio: doublePrecision('opening_ratio'),
    margin: doublePrecision('margin'),
    marginMinor: minor('margin_minor'),
    discountCap: doublePrecision('discount_cap'),
    /** The deals of one day in UTC may concede this much of the list price in all. */
    dailyConcessionMinor: minor('daily_concession_minor'),
    /** A deal above this waits for a person. */
    draftAboveMinor: minor('draft_above_minor'),
    /** Stands in the place of the currency's threshold. */
    highValueMinor: minor('high_value_minor'),
    priceEnding: text('price_ending', { enum: PRICE_ENDINGS }),
    /** Buyers are told how many more counter-offers there can be when this is set. */
    tellsRounds: boolean('tells_rounds'),
    attributes: jsonb('attributes').$type<Record<string, unknown>>().notNull().default({}),
    /** The language of name, description and attributes, whose stems and stop words count. */
    language: text('language', { enum: LANGUAGES }).notNull().default('en'),
    document: tsvector('document').generatedAlwaysAs(
      sql`inventory_document(language, name, description, attributes)`,
    ),
    /** Filters compare this: names and texts are folded, and each value stands in a list. */
    filterable: jsonb('filterable').generatedAlwaysAs(sql`fold_attributes(attributes)`),
    /**
     * The next two are for cores of the release before `item_vectors`, while they are being replaced. To be
     * dropped one release later.
     */
    embedding: vector('embedding', { dimensions: EMBEDDING_DIMENSIONS }),
    embeddingModel: text('embedding_model'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('inventory_items_embedding_idx').using('hnsw', table.embedding.op('vector_cosine_ops')),
    index('inventory_items_document_idx').using('gin', table.document),
    index('inventory_items_attributes_idx').using('gin', table.filterable.op('jsonb_path_ops')),
    check(
      'inventory_items_language',
      sql`${table.language} in (${sql.raw(LANGUAGES.map((code) => `'${code}'`).join(', '))})`,
    ),
    check('inventory_items_id', sql`${table.id} ~ '${sql.raw(ITEM_ID.pattern)}'`),
    check(
      'inventory_items_prices',
      sql`0 < ${table.floorPriceMinor} and ${table.floorPriceMinor} <= ${table.basePriceMinor}`,
    ),
    check('inventory_items_quantity', sql`${table.quantity} >= 0`),
    check('inventory_items_currency', sql`${table.currency} ~ '^[A-Z]{3}$'`),
    check(
      'inventory_items_policy',
      sql`${table.rounds} between 1 and 100 and ${table.beta} between 0.01 and 10 and ${table.bucketRatio} between 0.001 and 0.5 and ${table.openingRatio} between 0.1 and 1`,
    ),
    check(
      'inventory_items_margins',
      sql`${table.margin} between 0 and 1 and ${table.marginMinor} >= 0 and ${table.discountCap} between 0 and 1`,
    ),
    check(
      'inventory_items_limits',
      sql`${table.dailyConcessionMinor} >= 0 and ${table.draftAboveMinor} >= 0 and ${table.highValueMinor} >= 0`,
    ),
    check(
      'inventory_items_price_ending',
      sql`${table.priceEnding} in (${sql.raw(PRICE_ENDINGS.map((each) => `'${each}'`).join(', '))})`,
    ),
    check(
      'inventory_items_embedding_model',
      sql`(${table.embedding} is null) = (${table.embeddingModel} is null)`,
    ),
  ],
);

/** Vectors by the models that made them; those of two models are never compared. */
export const itemVectors = pgTable(
  'item_vectors',
  {
    model: text('model').notNull(),
    itemId: text('item_id')
      .notNull()
      .references(() => inventoryItems.id, { onDelete: 'cascade' }),
    embedding: vector('embedding', { dimensions: EMBEDDING_DIMENSIONS }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.itemId] }),
    index('item_vectors_embedding_idx').using('hnsw', table.embedding.op('vector_cosine_ops')),
    index('item_vectors_item_id_idx').on(table.itemId),
  ],
);

/** One row, once there are vectors: the model whose vectors are searched. */
export const inventoryEmbedder = pgTable(
  'inventory_embedder',
  {
    one: boolean('one').primaryKey().default(true),
    model: text('model').notNull(),
    /** The one before, whose vectors go when every core has heard of it. */
    former: text('former'),
    since: instant('since').notNull().defaultNow(),
  },
  (table) => [check('inventory_embedder_one', sql`${table.one}`)],
);

/**
 * A `pending` session has a bid that waits for a person, who makes it `approved` or `declined`; an
 * `accepted` one was closed by the bid itself.
 */
export const sessionStatus = pgEnum('session_status', [
  'open',
  'accepted',
  'rejected',
  'pending',
  'approved',
  'declined',
]);

export const negotiationSessions = pgTable(
  'negotiation_sessions',
  {
    /** Traces and logs name a session by this; its token is a bearer secret, of which the hash is kept. */
    id: uuid('id').primaryKey().defaultRandom(),
    tokenHash: bytea('token_hash').notNull().unique(),
    itemId: text('item_id')
      .notNull()
      .references(() => inventoryItems.id),
    agentDid: text('agent_did').notNull(),
    /** The agent signed the bid that opened the session, and has to sign the ones that go on with it. */
    isVerified: boolean('is_verified').notNull().default(false),
    status: sessionStatus('status').notNull().default('open'),
    /** Bids answered so far. */
    round: integer('round').notNull(),
    /** Our live ask; a bid of this much is accepted until `expires_at`. */
    askMinor: minor('ask_minor').notNull(),
    /** The day whose jitter this haggle uses to its end. */
    epoch: integer('epoch').notNull(),
    /**
     * The next two are written by cores of the release before reservations only, while they are
     * being replaced; a trigger (0004) makes a reservation of them. To be dropped one release later.
     */
    finalPriceMinor: minor('final_price_minor'),
    reservationCode: text('reservation_code').unique(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    // The sessions of an agent that are open are those at its end; the prefix finds the sessions of an item.
    index('negotiation_sessions_item_agent_idx').on(table.itemId, table.agentDid, table.expiresAt),
    index('negotiation_sessions_sweep_idx')
      .on(table.expiresAt)
      .where(sql`${table.status} <> 'accepted'`),
    index('negotiation_sessions_created_at_idx').on(table.createdAt, table.itemId),
    index('negotiation_sessions_status_idx').on(table.status, table.updatedAt),
  ],
);

export const roundOutcome = pgEnum('round_outcome', [
  'accepted',
  'countered',
  'rejected',
  'ui_required',
]);

export const negotiationRounds = pgTable(
  'negotiation_rounds',
  {
    sessionId: uuid('session_id')
      .notNull()
      .references(() => negotiationSessions.id, { onDelete: 'cascade' }),
    round: integer('round').notNull(),
    bidMinor: minor('bid_minor').notNull(),
    outcome: roundOutcome('outcome').notNull(),
    /** Our ask after this bid. */
    askMinor: minor('ask_minor').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    /**
     * The span of the bid as a W3C traceparent, to which the spans of the next round and of the deal link. Null
     * for a round that was not traced, or was written by a core of the release before.
     */
    traceparent: text('traceparent'),
    /**
     * The next ones explain the round to the seller, and are null for a round that was written by a core of the
     * release before. Who chose the move:
     */
    strategy: text('strategy', { enum: ['model', 'policy'] }),
    /** Whose the words of a counter-offer are; null for other outcomes too. */
    words: text('words', { enum: ['model', 'template'] }),
    /** The agent signed the bid. */
    isVerified: boolean('is_verified'),
    policyVersion: text('policy_version'),
    /** The terms by which the item haggled then, with its prices; as hidden as the floor that they have. */
    terms: jsonb('terms').$type<Terms>(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.round] })],
);

export const reservationStatus = pgEnum('reservation_status', ['held', 'confirmed', 'released']);

export const reservations = pgTable(
  'reservations',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** One deal a session. */
    sessionId: uuid('session_id')
      .notNull()
      .unique()
      .references(() => negotiationSessions.id),
    itemId: text('item_id')
      .notNull()
      .references(() => inventoryItems.id),
    agentDid: text('agent_did').notNull(),
    /** A bearer secret; whoever shows it holds the deal. */
    code: text('code').notNull().unique(),
    priceMinor: minor('price_minor').notNull(),
    currency: char('currency', { length: 3 }).notNull(),
    /** The signed terms, as the agent has them; null where core had no key. */
    receipt: text('receipt'),
    status: reservationStatus('status').notNull().default('held'),
    /** A reservation that is still `held` then has expired; nobody has to write that down. */
    heldUntil: instant('held_until').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('reservations_item_status_idx').on(table.itemId, table.status, table.heldUntil),
    index('reservations_item_day_idx').on(table.itemId, table.createdAt),
    index('reservations_created_at_idx').on(table.createdAt),
    check('reservations_price', sql`${table.priceMinor} > 0`),
  ],
);

/** Who has asked what under which key, and the answer; see `idempotency/`. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    agentDid: text('agent_did').notNull(),
    requestId: text('request_id').notNull(),
    /** The worker on it, who alone may write the answer. */
    owner: uuid('owner').notNull(),
    payloadHash: bytea('payload_hash').notNull(),
    /** Null while it is worked on. Tokens are no part of it. */
    answer: jsonb('answer').$type<unknown>(),
    /** Unix seconds; a part of the answer. */
    validUntil: bigint('valid_until', { mode: 'number' }),
    /** The owner of a key that has no answer by then is taken for dead, and the key may be taken over. */
    deadlineAt: instant('deadline_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.agentDid, table.requestId] }),
    index('idempotency_keys_expires_at_idx').on(table.expiresAt),
  ],
);

/**
 * What imports bring, until they write it into the inventory, all or nothing; see `inventory/`. The table is unlogged:
 * after a crash it is empty, and the import begins anew.
 */
export const importRows = pgTable(
  'import_rows',
  {
    importId: uuid('import_id').notNull(),
    line: integer('line').notNull(),
    item: jsonb('item').notNull(),
    stagedAt: instant('staged_at').notNull().defaultNow(),
  },
  (table) => [index('import_rows_import_id_idx').on(table.importId)],
);

/** The nonces of signed requests, so that a copy of one is refused; see `agents/`. */
export const usedNonces = pgTable(
  'used_nonces',
  {
    /** SHA-256 of the agent's DID and the nonce. */
    digest: bytea('digest').primaryKey(),
    /** The HTTP request that used it. */
    exchangeId: uuid('exchange_id').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('used_nonces_expires_at_idx').on(table.expiresAt)],
);

/** Each row tells what all cores have taken of a budget of the model in its present window; see `llm/`. */
export const modelBudgets = pgTable('model_budgets', {
  budget: text('budget').primaryKey(),
  beganAt: instant('began_at').notNull(),
  tokens: bigint('tokens', { mode: 'number' }).notNull(),
});
