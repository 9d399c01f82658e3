-- The sessions of an agent at an item, the last to end at the end; the index stands in for that of the items alone.
CREATE INDEX "negotiation_sessions_item_agent_idx" ON "negotiation_sessions" USING btree ("item_id","agent_did","expires_at");--> statement-breakpoint
DROP INDEX "negotiation_sessions_item_idx";--> statement-breakpoint
-- Whether an agent may open one more session. Those who ask for the same agent and item wait for each other to the
-- end of their transactions. A function that is volatile sees what was committed before each of its statements, and
-- so the session of whoever was waited for; the statement that calls it sees only what was there when it began.
CREATE FUNCTION "may_open_session"("of_item" text, "of_agent" text, "of_verified" boolean, "at_most" integer)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'open session', of_item, of_agent, of_verified), 0));
  RETURN NOT EXISTS (
    SELECT 1 FROM "negotiation_sessions"
    WHERE "item_id" = of_item AND "agent_did" = of_agent AND "is_verified" = of_verified
      AND "status" IN ('open', 'pending') AND "expires_at" > now()
    ORDER BY "expires_at" DESC OFFSET at_most - 1 LIMIT 1);
END $$;
