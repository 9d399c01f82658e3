-- What an import brings waits in a table that every session sees, so that a pooler may give each transaction another
-- session. It is unlogged: nothing of it is needed after a crash.
CREATE UNLOGGED TABLE "import_rows" (
	"import_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"item" jsonb NOT NULL,
	"staged_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "import_rows_import_id_idx" ON "import_rows" USING btree ("import_id");--> statement-breakpoint
-- The sweeper looks here. Haggles that led to a deal are kept for good, and were passed over by each of its batches.
CREATE INDEX IF NOT EXISTS "negotiation_sessions_sweep_idx" ON "negotiation_sessions" USING btree ("expires_at") WHERE "status" <> 'accepted';--> statement-breakpoint
DROP INDEX "negotiation_sessions_expires_at_idx";--> statement-breakpoint
-- What is taken of an item is counted here, past the holds that have expired and the deals that were given back.
CREATE INDEX IF NOT EXISTS "reservations_item_status_idx" ON "reservations" USING btree ("item_id","status","held_until");--> statement-breakpoint
DROP INDEX "reservations_item_idx";
