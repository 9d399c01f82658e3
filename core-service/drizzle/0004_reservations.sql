CREATE TYPE "public"."reservation_status" AS ENUM('held', 'confirmed', 'released');--> statement-breakpoint
ALTER TYPE "public"."session_status" ADD VALUE 'pending';--> statement-breakpoint
ALTER TYPE "public"."session_status" ADD VALUE 'approved';--> statement-breakpoint
ALTER TYPE "public"."session_status" ADD VALUE 'declined';--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"agent_did" text NOT NULL,
	"request_id" text NOT NULL,
	"owner" uuid NOT NULL,
	"payload_hash" "bytea" NOT NULL,
	"answer" jsonb,
	"valid_until" bigint,
	"deadline_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_agent_did_request_id_pk" PRIMARY KEY("agent_did","request_id")
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"session_id" uuid NOT NULL,
	"item_id" text NOT NULL,
	"agent_did" text NOT NULL,
	"code" text NOT NULL,
	"price_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"status" "reservation_status" DEFAULT 'held' NOT NULL,
	"held_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reservations_session_id_unique" UNIQUE("session_id"),
	CONSTRAINT "reservations_code_unique" UNIQUE("code"),
	CONSTRAINT "reservations_price" CHECK ("reservations"."price_minor" > 0)
);
--> statement-breakpoint
ALTER TABLE "negotiation_sessions" DROP CONSTRAINT "negotiation_sessions_deal";--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "quantity" integer;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_session_id_negotiation_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."negotiation_sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_item_id_inventory_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."inventory_items"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idempotency_keys_expires_at_idx" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "reservations_item_idx" ON "reservations" USING btree ("item_id");--> statement-breakpoint
CREATE INDEX "reservations_created_at_idx" ON "reservations" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "negotiation_sessions_status_idx" ON "negotiation_sessions" USING btree ("status","updated_at");--> statement-breakpoint
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_quantity" CHECK ("inventory_items"."quantity" >= 0);--> statement-breakpoint
-- Deals were columns of their session. Those that are there become reservations, and so do those
-- that a core of the release before writes until it has been replaced.
CREATE FUNCTION "reserve_deal_of_session"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "reservations" ("session_id", "item_id", "agent_did", "code", "price_minor", "currency", "held_until", "created_at", "updated_at")
  SELECT NEW."id", NEW."item_id", NEW."agent_did", NEW."reservation_code", NEW."final_price_minor", i."currency",
    now() + interval '24 hours', NEW."updated_at", NEW."updated_at"
  FROM "inventory_items" i WHERE i."id" = NEW."item_id"
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "negotiation_sessions_reserve_deal" AFTER INSERT OR UPDATE OF "reservation_code" ON "negotiation_sessions"
FOR EACH ROW WHEN (NEW."reservation_code" IS NOT NULL) EXECUTE FUNCTION "reserve_deal_of_session"();--> statement-breakpoint
UPDATE "negotiation_sessions" SET "reservation_code" = "reservation_code" WHERE "reservation_code" IS NOT NULL;
