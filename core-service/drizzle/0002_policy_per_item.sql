ALTER TABLE "inventory_items" ADD COLUMN "rounds" integer;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "beta" double precision;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD COLUMN "bucket_ratio" double precision;--> statement-breakpoint
ALTER TABLE "inventory_items" ADD CONSTRAINT "inventory_items_policy" CHECK ("inventory_items"."rounds" between 1 and 100 and "inventory_items"."beta" between 0.01 and 10 and "inventory_items"."bucket_ratio" between 0.001 and 0.5);