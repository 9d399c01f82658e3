CREATE TYPE "public"."round_outcome" AS ENUM('accepted', 'countered', 'rejected', 'ui_required');--> statement-breakpoint
CREATE TYPE "public"."session_status" AS ENUM('open', 'accepted', 'rejected');--> statement-breakpoint
CREATE TABLE "inventory_items" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"base_price_minor" bigint NOT NULL,
	"floor_price_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"embedding" vector(1024),
	"embedding_model" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inventory_items_id" CHECK ("inventory_items"."id" ~ '^[A-Za-z0-9_.:-]{1,64}$'),
	CONSTRAINT "inventory_items_prices" CHECK (0 < "inventory_items"."floor_price_minor" and "inventory_items"."floor_price_minor" <= "inventory_items"."base_price_minor"),
	CONSTRAINT "inventory_items_currency" CHECK ("inventory_items"."currency" ~ '^[A-Z]{3}$'),
	CONSTRAINT "inventory_items_embedding_model" CHECK (("inventory_items"."embedding" is null) = ("inventory_items"."embedding_model" is null))
);
--> statement-breakpoint
CREATE TABLE "negotiation_rounds" (
	"session_id" uuid NOT NULL,
	"round" integer NOT NULL,
	"bid_minor" bigint NOT NULL,
	"outcome" "round_outcome" NOT NULL,
	"ask_minor" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "negotiation_rounds_session_id_round_pk" PRIMARY KEY("session_id","round")
);
--> statement-breakpoint
CREATE TABLE "negotiation_sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"item_id" text NOT NULL,
	"agent_did" text NOT NULL,
	"status" "session_status" DEFAULT 'open' NOT NULL,
	"round" integer NOT NULL,
	"ask_minor" bigint NOT NULL,
	"epoch" integer NOT NULL,
	"final_price_minor" bigint,
	"reservation_code" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "negotiation_sessions_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "negotiation_sessions_reservation_code_unique" UNIQUE("reservation_code"),
	CONSTRAINT "negotiation_sessions_deal" CHECK (("negotiation_sessions"."status" = 'accepted') = ("negotiation_sessions"."final_price_minor" is not null and "negotiation_sessions"."reservation_code" is not null))
);
--> statement-breakpoint
ALTER TABLE "negotiation_rounds" ADD CONSTRAINT "negotiation_rounds_session_id_negotiation_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."negotiation_sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "negotiation_sessions" ADD CONSTRAINT "negotiation_sessions_item_id_inventory_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."inventory_items"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "inventory_items_embedding_idx" ON "inventory_items" USING hnsw ("embedding" vector_cosine_ops);--> statement-breakpoint
CREATE INDEX "negotiation_sessions_item_idx" ON "negotiation_sessions" USING btree ("item_id");--> statement-breakpoint
CREATE INDEX "negotiation_sessions_expires_at_idx" ON "negotiation_sessions" USING btree ("expires_at");