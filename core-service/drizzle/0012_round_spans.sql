-- The span of each bid, to which those of the next bid and of the deal link. Rounds of before have none.
ALTER TABLE "negotiation_rounds" ADD COLUMN "traceparent" text;
