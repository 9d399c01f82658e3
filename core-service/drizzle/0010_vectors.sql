-- Vectors have a table of their own, which may hold those of several models: the ones that are searched, and
-- those of a model that is to take their place. The columns of inventory_items are for the cores of the
-- release before, while they are being replaced; to be dropped one release later.
CREATE TABLE "item_vectors" (
	"model" text NOT NULL,
	"item_id" text NOT NULL,
	"embedding" vector(1024) NOT NULL,
	CONSTRAINT "item_vectors_model_item_id_pk" PRIMARY KEY("model","item_id")
);
--> statement-breakpoint
CREATE TABLE "inventory_embedder" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"model" text NOT NULL,
	"former" text,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inventory_embedder_one" CHECK ("inventory_embedder"."one")
);
--> statement-breakpoint
ALTER TABLE "item_vectors" ADD CONSTRAINT "item_vectors_item_id_inventory_items_id_fk" FOREIGN KEY ("item_id") REFERENCES "public"."inventory_items"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- In their rows, where comparing them one by one costs a fifth, and the planner sees what it costs.
ALTER TABLE "item_vectors" ALTER COLUMN "embedding" SET STORAGE PLAIN;--> statement-breakpoint
INSERT INTO item_vectors (model, item_id, embedding)
  SELECT embedding_model, id, embedding FROM inventory_items WHERE embedding_model IS NOT NULL ORDER BY id;--> statement-breakpoint
INSERT INTO inventory_embedder (model)
  SELECT embedding_model FROM inventory_items WHERE embedding_model IS NOT NULL
  GROUP BY embedding_model ORDER BY count(*) FILTER (WHERE active) DESC, count(*) DESC, embedding_model LIMIT 1;--> statement-breakpoint
-- By one worker: several would need shared memory, of which containers have little.
SET LOCAL max_parallel_maintenance_workers = 0;--> statement-breakpoint
SET LOCAL maintenance_work_mem = '1GB';--> statement-breakpoint
CREATE INDEX "item_vectors_embedding_idx" ON "item_vectors" USING hnsw ("embedding" vector_cosine_ops);--> statement-breakpoint
CREATE INDEX "item_vectors_item_id_idx" ON "item_vectors" USING btree ("item_id");--> statement-breakpoint
-- The vectors of an old text say nothing of the new one.
CREATE FUNCTION forget_vectors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM item_vectors WHERE item_id = new.id;
  RETURN new;
END $$;--> statement-breakpoint
CREATE TRIGGER inventory_items_forget_vectors AFTER UPDATE OF name, description, attributes ON inventory_items
  FOR EACH ROW WHEN ((old.name, old.description, old.attributes) IS DISTINCT FROM (new.name, new.description, new.attributes))
  EXECUTE FUNCTION forget_vectors();
