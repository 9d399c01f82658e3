-- What explains each round to the seller, and the signed terms of each deal. Rounds and deals of before have none.
ALTER TABLE "negotiation_rounds" ADD COLUMN "strategy" text;--> statement-breakpoint
ALTER TABLE "negotiation_rounds" ADD COLUMN "words" text;--> statement-breakpoint
ALTER TABLE "negotiation_rounds" ADD COLUMN "is_verified" boolean;--> statement-breakpoint
ALTER TABLE "negotiation_rounds" ADD COLUMN "policy_version" text;--> statement-breakpoint
ALTER TABLE "negotiation_rounds" ADD COLUMN "terms" jsonb;--> statement-breakpoint
ALTER TABLE "reservations" ADD COLUMN "receipt" text;
