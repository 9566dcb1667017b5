-- What only a file of our own export tells: a new plan's settings and a new action's past
-- (api/import/export_doc.c). Of what is here already, the record here outranks the file's.

CREATE OR REPLACE FUNCTION import_settings(p_plan bigint, p_settings jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_settings IS NULL THEN
        RETURN;
    END IF;
    PERFORM require_time_zone(p_settings->>'time_zone');
    UPDATE plan p SET
        adopted_on = (p_settings->>'adopted_on')::date,
        owner_id = CASE WHEN jsonb_typeof(p_settings->'owner') = 'object' THEN import_lead(p_settings->'owner') END,
        state = coalesce((p_settings->>'state')::plan_state, p.state),
        published = coalesce((p_settings->>'published')::boolean, p.published),
        time_zone = coalesce(p_settings->>'time_zone', p.time_zone),
        division = coalesce((p_settings->>'division')::division, p.division),
        quarter_basis = coalesce((p_settings->>'quarter_basis')::quarter_basis, p.quarter_basis),
        relative_to = (p_settings->>'relative_to')::date,
        send_at = coalesce((p_settings->>'send_at')::time, p.send_at),
        updates_every_days = (p_settings->>'updates_every_days')::integer
    WHERE p.id = p_plan;
END $$;

-- One timescale after the other, so that slips are counted as they were; then what was done of each.
CREATE OR REPLACE FUNCTION import_history_timescales(p_action bigint, p_timescales jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told jsonb;
    new_id bigint;
BEGIN
    FOR told IN SELECT e.value FROM jsonb_array_elements(p_timescales) WITH ORDINALITY e ORDER BY e.ordinality LOOP
        new_id := timescale_put(p_action, told->'reading', told->>'reason', told->>'agreed_by',
                                (told->>'agreed_on')::date);
        UPDATE deadline d SET done_on = (e.value->>'done_on')::date
        FROM jsonb_array_elements(told->'deadlines') WITH ORDINALITY e
        WHERE d.timescale_id = new_id AND d.position = e.ordinality
          AND d.due_on = (e.value->>'due_on')::date
          AND d.done_on IS DISTINCT FROM (e.value->>'done_on')::date;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION import_history(p_action bigint, p_history jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM import_history_timescales(p_action, p_history->'timescales');
    INSERT INTO update (action_id, note, status, rag, percent, evidence, author, lead_id, created_at)
    SELECT p_action, u->>'note', (u->>'status')::action_status, (u->>'rag')::rag, (u->>'percent')::smallint,
           u->>'evidence', u->>'author',
           CASE WHEN jsonb_typeof(u->'lead') = 'object' THEN import_lead(u->'lead') END,
           coalesce((u->>'created_at')::timestamptz, clock_now())
    FROM jsonb_array_elements(p_history->'updates') WITH ORDINALITY e (u, n) ORDER BY n;
END $$;
