-- Nonces of signed requests are used once, whichever core is asked; a session that was opened by a signed bid
-- goes on with signed ones.
CREATE TABLE "used_nonces" (
	"digest" "bytea" PRIMARY KEY NOT NULL,
	"exchange_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "negotiation_sessions" ADD COLUMN "is_verified" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "used_nonces_expires_at_idx" ON "used_nonces" USING btree ("expires_at");