ALTER TABLE "inventory_items" ADD COLUMN "margin" double precision;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "margin_minor" bigint;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "discount_cap" double precision;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "daily_concession_minor" bigint;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "draft_above_minor" bigint;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "high_value_minor" bigint;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "price_ending" text;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "tells_rounds" boolean;--> statement-breakpoint
CREATE INDEX "negotiation_sessions_created_at_idx" ON "negotiation_sessions" USING btree ("created_at","item_id");--> statement-breakpoint
CREATE INDEX "reservations_item_day_idx" ON "reservations" USING btree ("item_id","created_at");--> statement-breakpoint
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_margins" CHECK ("inventory_items"."margin" between 0 and 1 and "inventory_items"."margin_minor" >= 0 and "inventory_items"."discount_cap" between 0 and 1);--> statement-breakpoint
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_limits" CHECK ("inventory_items"."daily_concession_minor" >= 0 and "inventory_items"."draft_above_minor" >= 0 and "inventory_items"."high_value_minor" >= 0);--> statement-breakpoint
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_price_ending" CHECK ("inventory_items"."price_ending" in ('any', '.99', '.00', '5'));