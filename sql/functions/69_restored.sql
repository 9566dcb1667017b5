-- After a restore nothing leaves until a person says up to when it had left already. What may have been sent
-- is never sent again by itself.

CREATE OR REPLACE FUNCTION sending_held()
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM restored WHERE resumed_at IS NULL);
$$;

-- The plans as they were last asked what they owe before p_until; not those of which that was before the backup too.
CREATE OR REPLACE FUNCTION plans_sent(p_taken timestamptz, p_until timestamptz)
RETURNS SETOF sending LANGUAGE sql STABLE AS $$
    SELECT p.id, p.division, p.owner_id, coalesce(own.id, usual.id), f.day, f.day,
           (f.day + time '17:59') AT TIME ZONE p.time_zone
    FROM plan p
    JOIN ladder usual ON usual.plan_id IS NULL
    LEFT JOIN ladder own ON own.plan_id = p.id
    CROSS JOIN LATERAL (SELECT p_until AT TIME ZONE p.time_zone AS at) l
    CROSS JOIN LATERAL (SELECT working_day(p.division, l.at::date - CASE WHEN l.at::time < p.send_at THEN 1 ELSE 0 END, -1) AS day) f
    WHERE p.state = 'active' AND (f.day + time '18:00') AT TIME ZONE p.time_zone > p_taken;
$$;

-- Takes what was due until then as sent, and lets the notifier send again. Messages that were waiting count as failed, so
-- that each can be seen and be sent by a person's word; reminders and summaries that came due since as suppressed; webhooks
-- are told again, by the same webhook-id, what was waiting for them. NULL: until the restore. No row: nothing is held.
CREATE OR REPLACE FUNCTION restored_resume(p_until timestamptz, p_by text)
RETURNS TABLE (sent_until timestamptz, messages bigint, reminders bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    taken timestamptz;
    until timestamptz;
    why text := 'may have been sent after the backup that was restored';
    sent sending[];
    newest bigint := (SELECT coalesce(max(id), 0) FROM event);
    closed bigint := 0;
    passed bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('goldenthread.plan'));
    SELECT min(r.taken_at), coalesce(p_until, max(r.restored_at)) INTO taken, until FROM restored r WHERE r.resumed_at IS NULL;
    IF taken IS NULL THEN
        RETURN;
    END IF;
    UPDATE restored SET sent_until = until, resumed_at = clock_timestamp(), resumed_by = p_by WHERE resumed_at IS NULL;
    IF until > taken THEN
        sent := ARRAY(SELECT s FROM plans_sent(taken, until) s);
        WITH waiting AS (
            UPDATE message m SET state = 'failed', reason = why, lease_token = NULL, lease_until = NULL
            WHERE m.state IN ('queued', 'leased', 'retry', 'uncertain') AND m.day <= (until AT TIME ZONE 'UTC')::date
            RETURNING m.id
        ), told AS (
            UPDATE reminder r SET state = 'failed', reason = why, updated_at = clock_now()
            FROM waiting w WHERE r.message_id = w.id AND r.state = 'planned'
        )
        SELECT count(*) INTO closed FROM waiting;
        INSERT INTO reminder (deadline_id, action_id, silent_since, offset_days, lead_id, audience, stage_day, day, state, reason)
        SELECT c.deadline_id, CASE WHEN c.deadline_id IS NULL THEN c.action_id END, c.silent_since, c.offset_days, c.lead_id,
               c.audience, c.stage_day, c.day, 'suppressed', why
        FROM reminder_course(sent) c
        WHERE NOT c.settled AND NOT c.quiet AND c.via IS NOT NULL
        ON CONFLICT ON CONSTRAINT reminder_once DO UPDATE
            SET state = excluded.state, reason = excluded.reason, message_id = NULL, day = excluded.day,
                stage_day = excluded.stage_day, audience = excluded.audience, updated_at = clock_now()
            WHERE reminder.state IN ('unroutable', 'lapsed', 'dropped');
        GET DIAGNOSTICS passed = ROW_COUNT;
        INSERT INTO summary (lead_id, month, day, state, reason)
        SELECT c.lead_id, date_trunc('month', c.day::timestamp), c.day, 'suppressed', why
        FROM summary_course(sent) c WHERE c.via IS NOT NULL
        ON CONFLICT (lead_id, month) DO UPDATE
            SET state = excluded.state, reason = excluded.reason, message_id = NULL, day = excluded.day, updated_at = clock_now();
        PERFORM event_due(until);
        UPDATE delivery d SET state = 'failed', last_error = why WHERE d.event_id > newest;
    END IF;
    RETURN QUERY SELECT until, closed, passed;
END $$;
