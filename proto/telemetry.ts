/** Made of telemetry/*.yaml by `npx -y pnpm@12 telemetry:generate`, and never edited. */

/** The version of the registry, which our instrumentation scopes have. */
export const TELEMETRY_VERSION = '1.2.0';

/** The version of OpenTelemetry's conventions that names beside ours are taken from, for the scopes. */
export const SCHEMA = { schemaUrl: 'https://opentelemetry.io/schemas/1.45.0' } as const;

/** The attributes that are ours, on spans and as labels of metrics. */
export type AuraAttributes = {
  /** The `agent_did` of the bid, at most 256 characters, or its hash, as [`TELEMETRY_AGENT_ID`](privacy.md#agents) says. */
  readonly 'aura.agent.did'?: string;
  /** `true`: [the agent signed](identity.md) the request. */
  readonly 'aura.agent.verified'?: boolean;
  /** Why a signature was refused. */
  readonly 'aura.agent.refusal'?: string;
  /** What came of a request's signature. */
  readonly 'aura.agent.auth'?: 'unsigned' | 'verified' | 'refused';
  /** What the caller's baggage has under `synthetic_request`, at most 256 characters. */
  readonly 'aura.synthetic_request'?: string;
  /** The item of the bid or of the deal. */
  readonly 'aura.item.id'?: string;
  /** The haggle, as a UUID; not the token, which is a secret. */
  readonly 'aura.session.id'?: string;
  /** Why a request was not served, in the words of the API, such as `DATABASE_UNAVAILABLE` or `IDEMPOTENCY_KEY_REUSED`; also where the caller is at fault, and the span no error. */
  readonly 'aura.error.reason'?: string;
  /** The part that failed, where we are at fault. */
  readonly 'aura.error.part'?: 'gateway' | 'core' | 'database' | 'embedder';
  /** `true`: the answer of an idempotency key was given again. */
  readonly 'aura.idempotency.replayed'?: boolean;
  /** What was lost, the items of which signal. */
  readonly 'aura.telemetry.signal'?: 'traces' | 'metrics' | 'logs';
  /** The limit that a caller had reached: a number a minute, or of haggles that it has open of the item. */
  readonly 'aura.limit'?: 'searches' | 'bids' | 'requests' | 'open_sessions';
  /** The limit at which a request was refused. */
  readonly 'aura.refusal.reason'?: 'delay' | 'in_flight' | 'upstream';
  /** What is behind. */
  readonly 'aura.queue.name'?: 'event_loop' | 'pool';
  /** 1, 2, …: bids in this session, this one included. */
  readonly 'aura.negotiation.round'?: number;
  /** How the bid was answered. */
  readonly 'aura.negotiation.outcome'?: 'accepted' | 'countered' | 'rejected' | 'ui_required';
  /** The bid, in major units of `aura.negotiation.currency`. */
  readonly 'aura.negotiation.bid'?: number;
  /** The price of a counter-offer, as the buyer was told it. */
  readonly 'aura.negotiation.ask'?: number;
  /** The price of a deal. */
  readonly 'aura.negotiation.price'?: number;
  /** The ISO 4217 code of these amounts. */
  readonly 'aura.negotiation.currency'?: string;
  /** Why a bid was turned away: `ITEM_NOT_FOUND`, `SESSION_EXPIRED`, …. */
  readonly 'aura.negotiation.reason'?: string;
  /** Who chose the counter-offer. */
  readonly 'aura.negotiation.strategy'?: 'model' | 'policy';
  /** `true`: the model failed, the policy answered. */
  readonly 'aura.negotiation.fallback'?: boolean;
  /** How a haggle stands. */
  readonly 'aura.negotiation.ending'?: string;
  /** Whether the model's move was allowed. */
  readonly 'aura.llm.move_kept'?: boolean;
  /** Whether the model's words fit to be said. */
  readonly 'aura.llm.words_kept'?: boolean;
  /** The circuit breaker before the model. */
  readonly 'aura.llm.circuit'?: 'closed' | 'open' | 'half_open';
  /** The limit that kept the model from being asked. */
  readonly 'aura.llm.capped'?: 'agent_minute' | 'agent_day' | 'minute' | 'day' | 'budget_unknown' | 'concurrency';
  /** The part without which a request was answered. */
  readonly 'aura.fallback.part'?: 'model' | 'embedder';
  /** Items found. */
  readonly 'aura.search.results'?: number;
  /** Items asked for. */
  readonly 'aura.search.limit'?: number;
  /** `true`: the embedder failed, words were compared. */
  readonly 'aura.search.fallback'?: boolean;
  /** `true`: the query had been embedded before, and there is no span of a call. */
  readonly 'aura.search.embedding_cached'?: boolean;
  /** A part of a search. */
  readonly 'aura.search.part'?: 'embedding' | 'ranking';
};

/** The spans whose names are ours. */
export type AuraSpan =
  | 'negotiation.negotiate'
  | 'search.search';

/** The metrics that are ours. */
export type AuraMetric =
  | 'aura.agent.requests'
  | 'aura.agent.replays'
  | 'aura.negotiation.haggles'
  | 'aura.negotiation.limited'
  | 'aura.negotiation.decisions'
  | 'aura.negotiation.rounds'
  | 'aura.negotiation.bid.amount'
  | 'aura.negotiation.ask.amount'
  | 'aura.negotiation.deal.amount'
  | 'aura.negotiation.endings'
  | 'aura.deals.waiting'
  | 'aura.deals.waiting_time'
  | 'aura.search.results'
  | 'aura.search.duration'
  | 'aura.fallbacks'
  | 'aura.idempotency.replays'
  | 'aura.llm.capped'
  | 'aura.llm.circuit'
  | 'aura.db.sessions.blocked'
  | 'aura.db.transaction.age'
  | 'aura.requests.refused'
  | 'aura.requests.limited'
  | 'aura.telemetry.lost'
  | 'aura.requests.in_flight'
  | 'aura.queue.delay';

/** The events of log lines. */
export type LogEvent =
  | 'answer_replayed'
  | 'concession_ceiling_reached'
  | 'core_connection_failed'
  | 'core_connection_restored'
  | 'database_connection_lost'
  | 'deal_approved'
  | 'deal_declined'
  | 'embedder_failed'
  | 'embedder_waits'
  | 'embedding_failed'
  | 'header_repeated'
  | 'idempotency_keys_swept'
  | 'inventory_of_another_embedder'
  | 'inventory_upgraded'
  | 'inventory_upgrading'
  | 'item_not_found'
  | 'items_embedded'
  | 'items_imported'
  | 'leftovers_imported'
  | 'llm_capped'
  | 'llm_circuit_closed'
  | 'llm_circuit_opened'
  | 'llm_decision_made'
  | 'llm_failed'
  | 'mcp_request_completed'
  | 'negotiate_request_received'
  | 'negotiation_accepted'
  | 'negotiation_countered'
  | 'negotiation_rejected'
  | 'negotiation_ui_required'
  | 'overload_began'
  | 'overload_ended'
  | 'process_failed'
  | 'public_url_missing'
  | 'read_replica_left'
  | 'read_replica_used'
  | 'request_cancelled'
  | 'request_completed'
  | 'request_failed'
  | 'request_limited'
  | 'request_started'
  | 'reservation_confirmed'
  | 'reservation_released'
  | 'import_rows_swept'
  | 'nonces_swept'
  | 'search_completed'
  | 'server_started'
  | 'server_stopping'
  | 'sessions_swept'
  | 'session_limit_reached'
  | 'signature_refused'
  | 'signature_replayed'
  | 'sweep_failed'
  | 'telemetry_export_failed'
  | 'telemetry_export_recovered'
  | 'telemetry_initialized'
  | 'telemetry_variable_unused'
  | 'tls_certificates_loaded'
  | 'tls_certificates_refused'
  | 'tls_certificates_reloaded'
  | 'tls_handshake_failed'
  | 'worker_died'
  | 'worker_started';
