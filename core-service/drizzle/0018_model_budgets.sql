-- What all cores together have taken of the model's budgets: a row for the present minute, and one for the present day.
CREATE TABLE "model_budgets" (
	"budget" text PRIMARY KEY NOT NULL,
	"began_at" timestamp with time zone NOT NULL,
	"tokens" bigint NOT NULL
);
