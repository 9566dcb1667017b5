-- What became of a plan between two moments: what was added, moved, slipped, was completed.

-- Each action of a plan as it stands, with what a comparison looks at. Under past_open: as it stood.
CREATE OR REPLACE FUNCTION compare_state(p_plan bigint)
RETURNS TABLE (action bigint, recommendation text, place integer, reference text, description text, status text,
               standing text, rag text, percent integer, completed_on date, due_on date, timescale text,
               slips integer, leads text[])
LANGUAGE sql STABLE SET jit = off AS $$
    SELECT a.id, r.number, r.position, a.reference, a.description, a.status::text,
           standing_of(a.status, d.next_due, local_day(p_plan)), a.rag::text, a.percent::integer, a.completed_on,
           t.due_on, t.text, coalesce(t.slips, 0),
           ARRAY(SELECT l.name::text FROM assignment s JOIN lead l ON l.id = s.lead_id
                 WHERE s.action_id = a.id AND s.role IN ('lead', 'cabinet_member') ORDER BY s.position, s.lead_id)
    FROM action a
    JOIN recommendation r ON r.id = a.recommendation_id
    LEFT JOIN timescale t ON t.action_id = a.id AND t.current
    LEFT JOIN LATERAL (SELECT min(e.due_on) AS next_due FROM deadline e
                       WHERE e.action_id = a.id AND e.in_force AND e.done_on IS NULL) d ON true
    WHERE a.plan_id = p_plan;
$$;

CREATE OR REPLACE FUNCTION compare_state_at(p_plan bigint, p_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    states jsonb;
BEGIN
    PERFORM past_open(p_at);
    SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') INTO states FROM public.compare_state(p_plan) s;
    PERFORM past_close();
    RETURN states;
END $$;

-- What a report says of one action that is not as it was; empty when it is.
CREATE OR REPLACE FUNCTION compare_changes(p_from jsonb, p_to jsonb)
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN p_from IS NULL THEN 'added' END,
        CASE WHEN p_to IS NULL THEN 'removed' END,
        CASE WHEN p_to->>'status' = 'complete' AND p_from->>'status' IS DISTINCT FROM 'complete' THEN 'completed' END,
        CASE WHEN p_from->>'status' = 'complete' AND p_to->>'status' <> 'complete' THEN 'reopened' END,
        CASE WHEN (p_to->>'due_on')::date > (p_from->>'due_on')::date THEN 'slipped' END,
        CASE WHEN (p_to->>'due_on')::date < (p_from->>'due_on')::date THEN 'brought_forward' END,
        CASE WHEN p_from IS NOT NULL AND p_to IS NOT NULL
                  AND (p_from->>'due_on' IS NULL) <> (p_to->>'due_on' IS NULL) THEN
                  CASE WHEN p_to->>'due_on' IS NULL THEN 'undated' ELSE 'dated' END END,
        CASE WHEN p_from->>'recommendation' <> p_to->>'recommendation' THEN 'moved' END,
        CASE WHEN p_from->>'status' <> p_to->>'status'
                  AND 'complete' NOT IN (p_from->>'status', p_to->>'status') THEN 'status_changed' END,
        CASE WHEN p_from->>'standing' <> 'overdue' AND p_to->>'standing' = 'overdue' THEN 'became_overdue' END,
        CASE WHEN p_from->'leads' <> p_to->'leads' THEN 'leads_changed' END,
        CASE WHEN p_from IS NOT NULL AND p_to IS NOT NULL
                  AND (p_from->>'rag', p_from->>'percent') IS DISTINCT FROM (p_to->>'rag', p_to->>'percent') THEN 'progressed' END,
        CASE WHEN p_from->>'description' <> p_to->>'description' OR p_from->>'reference' <> p_to->>'reference' THEN 'reworded' END
        ], NULL);
$$;

-- How many of each word one side has.
CREATE OR REPLACE FUNCTION compare_counts(p_states jsonb)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('actions', jsonb_array_length(p_states),
        'by_status', progress_count(enum_range(NULL::action_status)::text[],
                                    ARRAY(SELECT s->>'status' FROM jsonb_array_elements(p_states) s)),
        'by_standing', progress_count('{upcoming,due_soon,overdue,done,exempt,unscheduled}',
                                      ARRAY(SELECT s->>'standing' FROM jsonb_array_elements(p_states) s)));
$$;

-- A moment as a caller names it: a day (its end), an instant, or the id of a snapshot of the plan.
CREATE OR REPLACE FUNCTION compare_moment(p_plan bigint, p_moment text, p_pointer text)
RETURNS TABLE (at timestamptz, snapshot bigint, name text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    moment timestamptz := clock_now();
BEGIN
    IF p_moment ~ '^[0-9]+$' THEN
        RETURN QUERY SELECT s.at, s.id, s.name::text FROM snapshot s WHERE s.plan_id = p_plan AND s.id = p_moment::bigint;
        IF NOT FOUND THEN
            PERFORM refuse(400, 'unknown_snapshot', format('The plan has no snapshot %s', p_moment), p_pointer);
        END IF;
        RETURN;
    END IF;
    IF p_moment ~ '^....-..-..$' THEN
        moment := least(past_end_of(p_moment::date), moment);
        IF p_moment::date > (clock_now() AT TIME ZONE 'Europe/London')::date THEN
            PERFORM refuse(400, 'bad_parameter', 'A day in the future cannot be read yet', p_pointer);
        END IF;
    ELSIF p_moment IS NOT NULL THEN
        moment := p_moment::timestamptz;
        IF moment > clock_now() THEN
            PERFORM refuse(400, 'bad_parameter', 'A moment in the future cannot be read yet', p_pointer);
        END IF;
    END IF;
    RETURN QUERY SELECT moment, NULL::bigint, NULL::text;
END $$;

CREATE OR REPLACE FUNCTION compare_items(p_from jsonb, p_to jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
               'action', coalesce(t.s, f.s)->'action', 'reference', coalesce(t.s, f.s)->'reference',
               'recommendation_number', coalesce(t.s, f.s)->'recommendation',
               'description', coalesce(t.s, f.s)->'description', 'changes', to_jsonb(c.words),
               'slip_days', (t.s->>'due_on')::date - (f.s->>'due_on')::date,
               'before', f.s - '{action,place,description}'::text[], 'after', t.s - '{action,place,description}'::text[])
               ORDER BY (coalesce(t.s, f.s)->>'place')::integer, (coalesce(t.s, f.s)->>'action')::bigint), '[]')
    FROM jsonb_array_elements(p_from) f (s)
    FULL JOIN jsonb_array_elements(p_to) t (s) ON t.s->'action' = f.s->'action'
    CROSS JOIN LATERAL (SELECT compare_changes(f.s, t.s) AS words) c
    WHERE cardinality(c.words) > 0;
$$;

CREATE OR REPLACE FUNCTION compare_side(p_at timestamptz, p_snapshot bigint, p_name text, p_states jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('at', instant(p_at),
               'snapshot', CASE WHEN p_snapshot IS NOT NULL THEN jsonb_build_object('id', p_snapshot, 'name', p_name) END)
           || compare_counts(p_states)::jsonb;
$$;

CREATE OR REPLACE FUNCTION plan_compare(p_plan bigint, p_from text, p_to text)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    earlier record;
    later record;
    was jsonb;
    is_now jsonb;
    items jsonb;
BEGIN
    SELECT * INTO earlier FROM compare_moment(p_plan, p_from, '?from');
    SELECT * INTO later FROM compare_moment(p_plan, p_to, '?to');
    IF earlier.at > later.at THEN
        PERFORM refuse(400, 'bad_parameter', 'Must not be before from', '?to');
    END IF;
    was := compare_state_at(p_plan, earlier.at);
    is_now := compare_state_at(p_plan, later.at);
    items := compare_items(was, is_now);
    RETURN json_build_object(
        'plan', (SELECT slug FROM plan WHERE id = p_plan),
        'from', compare_side(earlier.at, earlier.snapshot, earlier.name, was),
        'to', compare_side(later.at, later.snapshot, later.name, is_now),
        'changes', progress_count(
            '{added,removed,completed,reopened,slipped,brought_forward,dated,undated,moved,status_changed,became_overdue,leads_changed,progressed,reworded}',
            ARRAY(SELECT w FROM jsonb_array_elements(items) i, jsonb_array_elements_text(i->'changes') w)),
        'items', items);
END $$;
