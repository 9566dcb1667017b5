-- What an import would do, told before it is done.

CREATE OR REPLACE FUNCTION import_preview_leads(p_leads jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(v.value || jsonb_build_object(
               'id', l.id, 'state', CASE WHEN l.id IS NULL THEN 'new' ELSE 'matched' END) ORDER BY v.ordinality), '[]')
    FROM jsonb_array_elements(p_leads) WITH ORDINALITY v
    LEFT JOIN lead l ON l.post_key = v.value->>'post_key';
$$;

CREATE OR REPLACE FUNCTION import_preview_actions(p_doc jsonb, p_plan bigint)
RETURNS TABLE (number text, actions jsonb) LANGUAGE sql STABLE AS $$
    SELECT c.number, jsonb_agg(c.item - 'history' || jsonb_build_object(
               'completed_on', c.item->'completed_on', 'id', c.action_id, 'changes', coalesce(to_jsonb(c.changes), '[]'),
               'state', CASE WHEN c.action_id IS NULL THEN 'new' WHEN c.changes = '{}' THEN 'unchanged' ELSE 'changed' END,
               'leads', import_preview_leads(c.item->'leads')) ORDER BY c.n)
    FROM import_changes(p_doc, p_plan) c
    GROUP BY c.number;
$$;

CREATE OR REPLACE FUNCTION import_preview_recommendations(p_doc jsonb, p_plan bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(d.value || jsonb_build_object(
               'id', r.id, 'actions', coalesce(a.actions, '[]'),
               'response', coalesce(d.value->>'response', r.response::text, 'accepted'),
               'state', CASE WHEN r.id IS NULL THEN 'new'
                             WHEN r.text = d.value->>'text'
                                  AND r.response::text = coalesce(d.value->>'response', r.response::text) THEN 'unchanged'
                             ELSE 'changed' END) ORDER BY d.ordinality), '[]')
    FROM jsonb_array_elements(p_doc->'recommendations') WITH ORDINALITY d
    LEFT JOIN recommendation r ON r.plan_id = p_plan AND r.number = d.value->>'number'
    LEFT JOIN import_preview_actions(p_doc, p_plan) a ON a.number = d.value->>'number';
$$;

CREATE OR REPLACE FUNCTION import_preview_missing(p_doc jsonb, p_plan bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'reference', a.reference,
                                                 'description', a.description) ORDER BY a.id), '[]')
    FROM action a
    WHERE a.plan_id = p_plan
      AND a.id NOT IN (SELECT m.action_id FROM import_match(p_doc, p_plan) m WHERE m.action_id IS NOT NULL);
$$;

-- What plan_import would do, as the document itself with "state" and "id" added to the plan, each
-- recommendation, action and lead, "changes" to each action, and "missing": the plan's actions that
-- the file does not have. What only a whole plan's document brings (settings, history) is not told.
-- Writes nothing.
CREATE OR REPLACE FUNCTION plan_import_preview(p_doc jsonb, p_plan text)
RETURNS jsonb LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    target bigint := CASE WHEN p_plan IS NOT NULL THEN plan_id_of(p_plan, NULL) END;
BEGIN
    RETURN p_doc || jsonb_build_object(
        'plan', (p_doc->'plan') - 'settings' || jsonb_build_object(
            'id', target, 'state', CASE WHEN target IS NULL THEN 'new' ELSE 'existing' END,
            'slug', CASE WHEN target IS NOT NULL THEN (SELECT slug FROM plan WHERE id = target)
                         ELSE coalesce(p_doc->'plan'->>'slug', slug_of(p_doc->'plan'->>'title')) END),
        'recommendations', import_preview_recommendations(p_doc, target),
        'missing', import_preview_missing(p_doc, target),
        'doubts', p_doc->'doubts' || import_needs(p_doc, target),
        'errors', p_doc->'errors' || import_objections(p_doc, target));
END $$;

-- ---- the API ----

CREATE OR REPLACE FUNCTION import_names_new_leads(p_doc jsonb)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_array_elements(p_doc->'recommendations') r, jsonb_array_elements(r->'actions') a,
                    jsonb_array_elements(a->'leads') v
        WHERE NOT EXISTS (SELECT FROM lead l WHERE l.post_key = v->>'post_key'));
$$;

-- A dry run gives the preview. Otherwise the document is imported, and the preview of before, with
-- the plan's id, is the answer. Either way errors says what stands against it: then nothing is stored.
CREATE OR REPLACE FUNCTION import_create(p_digest bytea, p_request text, p_doc jsonb, p_plan text, p_dry_run boolean)
RETURNS TABLE (body text, location text, errors jsonb) LANGUAGE plpgsql SET jit = off AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    target bigint := CASE WHEN p_plan IS NOT NULL THEN plan_id_of(p_plan, plan_ids) END;
    preview jsonb;
BEGIN
    IF plan_ids IS NOT NULL AND (target IS NULL OR (NOT p_dry_run AND import_names_new_leads(p_doc))) THEN
        PERFORM refuse(403, 'forbidden', CASE WHEN target IS NULL
            THEN 'This needs a key that is not limited to some plans'
            ELSE 'The file names new leads: this needs a key that is not limited to some plans' END);
    END IF;
    preview := plan_import_preview(p_doc, target::text);
    errors := preview->'errors' || CASE WHEN p_dry_run THEN '[]' ELSE import_needs(p_doc, target) END;
    IF NOT p_dry_run AND errors = '[]' THEN
        target := plan_import(p_doc, target::text);
        preview := jsonb_set(preview, '{plan}', preview->'plan' || (
            SELECT jsonb_build_object('id', p.id, 'slug', p.slug) FROM plan p WHERE p.id = target));
        location := '/v1/plans/' || target;
    END IF;
    body := preview;
    RETURN NEXT;
END $$;
