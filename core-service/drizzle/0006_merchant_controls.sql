ALTER TABLE "inventory_items" ADD COLUMN "margin" double precision;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "margin_minor" bigint;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "discount_cap" double precision;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_margins" CHECK ("inventory_items"."margin" between 0 and 1 and "inventory_items"."margin_minor" >= 0 and "inventory_items"."discount_cap" between 0 and 1);