-- Taking a plan that was read from a file (api/import/plan_doc.h) into the database: what would
-- happen, and making it happen. The caller has named itself with act_as() and may see the plan.

-- The document's actions, each beside the action of the plan that it is: the same reference and
-- words; else the same words, wherever they stand now; else the same reference.
CREATE OR REPLACE FUNCTION import_match(p_doc jsonb, p_plan bigint)
RETURNS TABLE (n bigint, number text, item jsonb, action_id bigint) LANGUAGE sql STABLE AS $$
    WITH item AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY r.ordinality, a.ordinality) AS n, r.value->>'number' AS number,
               a.value AS item, a.value->>'reference' AS reference, a.value->>'description' AS description
        FROM jsonb_array_elements(p_doc->'recommendations') WITH ORDINALITY r,
             jsonb_array_elements(r.value->'actions') WITH ORDINALITY a
    ), same AS MATERIALIZED (
        SELECT i.n, a.id FROM item i
        JOIN action a ON a.plan_id = p_plan AND a.reference = i.reference AND a.description = i.description
    ), rest AS MATERIALIZED (
        SELECT i.*, row_number() OVER (PARTITION BY i.description ORDER BY i.n) AS k
        FROM item i WHERE i.n NOT IN (SELECT s.n FROM same s)
    ), other AS MATERIALIZED (
        SELECT a.id, a.reference, a.description, row_number() OVER (PARTITION BY a.description ORDER BY a.id) AS k
        FROM action a WHERE a.plan_id = p_plan AND a.id NOT IN (SELECT s.id FROM same s)
    ), words AS MATERIALIZED (
        SELECT i.n, a.id FROM rest i JOIN other a ON a.description = i.description AND a.k = i.k
    ), place AS (
        SELECT i.n, a.id FROM rest i JOIN other a ON a.reference = i.reference
        WHERE i.n NOT IN (SELECT w.n FROM words w) AND a.id NOT IN (SELECT w.id FROM words w)
    )
    SELECT i.n, i.number, i.item, m.id
    FROM item i
    LEFT JOIN (SELECT * FROM same UNION ALL SELECT * FROM words UNION ALL SELECT * FROM place) m ON m.n = i.n
    ORDER BY i.n;
$$;

-- Whether a person moved or renumbered the action: then the file no longer decides its place.
CREATE OR REPLACE FUNCTION import_moved_by_hand(p_action bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM change c
        WHERE c.resource = 'action' AND c.resource_id = p_action AND c.verb = 'updated'
          AND (c.before->>'recommendation_id' <> c.after->>'recommendation_id'
               OR c.before->>'reference' <> c.after->>'reference'));
$$;

-- The words of the last import decide, so that a revision agreed since then is not undone.
CREATE OR REPLACE FUNCTION import_timescale_differs(p_action bigint, p_reading jsonb)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT jsonb_typeof(p_reading) = 'object' AND p_reading->>'text' IS DISTINCT FROM (
        SELECT t.text FROM timescale t
        WHERE t.action_id = p_action AND (t.revision = 1 OR t.reason IN ('re-imported', 'revised when published'))
        ORDER BY t.revision DESC LIMIT 1)
       AND NOT EXISTS (SELECT FROM timescale t
                       WHERE t.action_id = p_action AND t.current AND t.text = p_reading->>'text');
$$;

-- A file that names nobody changes nobody; helpers whom a person added stay.
CREATE OR REPLACE FUNCTION import_leads_differ(p_action bigint, p_leads jsonb)
RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH named AS (SELECT v->>'post_key' AS post_key, v->>'role' AS role FROM jsonb_array_elements(p_leads) v),
         held AS (SELECT l.post_key, s.role::text AS role FROM assignment s JOIN lead l ON l.id = s.lead_id
                  WHERE s.action_id = p_action)
    SELECT EXISTS (SELECT * FROM named EXCEPT SELECT * FROM held)
        OR (EXISTS (SELECT FROM named)
            AND EXISTS (SELECT FROM held WHERE role IN ('lead', 'cabinet_member')
                        AND post_key NOT IN (SELECT post_key FROM named)));
$$;

CREATE OR REPLACE FUNCTION import_note_differs(p_action bigint, p_note text)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p_note <> '' AND NOT EXISTS (SELECT FROM update u WHERE u.action_id = p_action AND u.author = 'import'
                                        AND u.note = p_note);
$$;

-- What the document would change of an action. Progress that was reported here outranks the file.
-- What is returned holds no query of its own, or it would be planned anew for each action.
CREATE OR REPLACE FUNCTION import_difference(p_action bigint, p_number text, p_item jsonb)
RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    a public.action;
    number_now text;
    reported boolean := EXISTS (SELECT FROM update u WHERE u.action_id = p_action AND u.author <> 'import');
BEGIN
    SELECT * INTO a FROM action WHERE id = p_action;
    SELECT number INTO number_now FROM recommendation WHERE id = a.recommendation_id;
    RETURN array_remove(ARRAY[
        CASE WHEN (a.reference, number_now) <> (p_item->>'reference', p_number)
                  AND NOT import_moved_by_hand(p_action) THEN 'place' END,
        CASE WHEN a.description <> p_item->>'description' THEN 'description' END,
        CASE WHEN NOT reported AND a.status::text <> p_item->>'status' THEN 'status' END,
        CASE WHEN NOT reported AND p_item->>'rag' <> coalesce(a.rag::text, '') THEN 'rag' END,
        CASE WHEN NOT reported AND a.status = 'complete' AND p_item->>'status' = 'complete'
                  AND p_item->>'completed_on' <> coalesce(a.completed_on::text, '') THEN 'completed_on' END,
        CASE WHEN NOT reported AND (p_item->>'percent')::integer <> coalesce(a.percent, -1) THEN 'percent' END,
        CASE WHEN import_note_differs(p_action, p_item->>'note') THEN 'note' END,
        CASE WHEN import_timescale_differs(p_action, p_item->'timescale') THEN 'timescale' END,
        CASE WHEN import_leads_differ(p_action, p_item->'leads') THEN 'leads' END], NULL);
END $$;

CREATE OR REPLACE FUNCTION import_changes(p_doc jsonb, p_plan bigint)
RETURNS TABLE (n bigint, number text, item jsonb, action_id bigint, changes text[]) LANGUAGE sql STABLE AS $$
    SELECT m.n, m.number, m.item, m.action_id,
           CASE WHEN m.action_id IS NOT NULL THEN import_difference(m.action_id, m.number, m.item) END
    FROM import_match(p_doc, p_plan) m;
$$;

-- ---- writing ----

CREATE OR REPLACE FUNCTION import_lead(p_lead jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    lead_id bigint;
BEGIN
    SELECT id INTO lead_id FROM lead WHERE post_key = p_lead->>'post_key';
    IF lead_id IS NULL THEN
        INSERT INTO lead (name, post_key, kind)
        VALUES (p_lead->>'name', p_lead->>'post_key', (p_lead->>'kind')::lead_kind)
        ON CONFLICT (post_key) DO NOTHING RETURNING id INTO lead_id;
    END IF;
    IF lead_id IS NULL THEN -- another import made it just now
        SELECT id INTO lead_id FROM lead WHERE post_key = p_lead->>'post_key';
    END IF;
    RETURN lead_id;
END $$;

CREATE OR REPLACE FUNCTION import_assign(p_action bigint, p_leads jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    named bigint[] := '{}';
    item record;
BEGIN
    FOR item IN SELECT e.value AS v, e.ordinality AS n FROM jsonb_array_elements(p_leads) WITH ORDINALITY e LOOP
        named := named || import_lead(item.v);
        INSERT INTO assignment (action_id, lead_id, role, position)
        VALUES (p_action, named[item.n], (item.v->>'role')::assignment_role, item.n)
        ON CONFLICT (action_id, lead_id) DO UPDATE SET role = excluded.role, position = excluded.position
            WHERE assignment.role <> excluded.role;
    END LOOP;
    DELETE FROM assignment
    WHERE action_id = p_action AND role IN ('lead', 'cabinet_member') AND lead_id <> ALL (named);
END $$;

-- The plan's row: a new one, or the one to import into, locked.
CREATE OR REPLACE FUNCTION import_plan_row(p_header jsonb, p_plan text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan_id bigint;
BEGIN
    IF p_plan IS NOT NULL THEN
        SELECT id INTO plan_id FROM plan WHERE id = plan_id_of(p_plan, NULL) FOR UPDATE;
        UPDATE plan p SET organisation = coalesce(p_header->>'organisation', p.organisation),
            source_url = coalesce(p_header->>'source_url', p.source_url)
        WHERE p.id = plan_id
          AND (p_header->>'organisation' <> p.organisation
               OR coalesce(p_header->>'source_url' <> p.source_url, p_header->>'source_url' IS NOT NULL));
        RETURN plan_id;
    END IF;
    INSERT INTO plan (slug, title, organisation, source_url)
    VALUES (coalesce(p_header->>'slug', slug_of(p_header->>'title')), p_header->>'title',
            p_header->>'organisation', p_header->>'source_url')
    RETURNING id INTO plan_id;
    PERFORM import_settings(plan_id, p_header->'settings');
    RETURN plan_id;
END $$;

CREATE OR REPLACE FUNCTION import_recommendations(p_doc jsonb, p_plan bigint)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO recommendation (plan_id, number, text, position, response)
    SELECT p_plan, r.value->>'number', r.value->>'text', r.ordinality,
           coalesce((r.value->>'response')::response, o.response, 'accepted')
    FROM jsonb_array_elements(p_doc->'recommendations') WITH ORDINALITY r
    LEFT JOIN recommendation o ON o.plan_id = p_plan AND o.number = r.value->>'number'
    ORDER BY r.ordinality
    ON CONFLICT (plan_id, number) DO UPDATE
        SET text = excluded.text, position = excluded.position, response = excluded.response
        WHERE (recommendation.text, recommendation.position, recommendation.response)
           <> (excluded.text, excluded.position, excluded.response);
$$;

-- Gives actions the references that the file has for them now. They may be each other's: whoever
-- stands in the way of a ring steps aside first.
CREATE OR REPLACE FUNCTION import_renumber(p_plan bigint, p_ids bigint[], p_references text[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOOP
        UPDATE action a SET reference = m.reference
        FROM unnest(p_ids, p_references) m (id, reference)
        WHERE a.id = m.id AND a.reference <> m.reference
          AND NOT EXISTS (SELECT FROM action o WHERE o.plan_id = p_plan AND o.reference = m.reference);
        CONTINUE WHEN FOUND;
        UPDATE action SET reference = 'moving-' || id
        WHERE id = (SELECT a.id FROM unnest(p_ids, p_references) m (id, reference)
                    JOIN action a ON a.id = m.id AND a.reference <> m.reference
                    WHERE a.reference = ANY (p_references) AND a.reference NOT LIKE 'moving-%' LIMIT 1);
        EXIT WHEN NOT FOUND;
    END LOOP;
    UPDATE action SET reference = action_reference_next(recommendation_id)
    WHERE id = ANY (p_ids) AND reference LIKE 'moving-%';
END $$;

-- timescale_put for many actions at once: the items' readings come into force, as first ones or as
-- revisions, whose reason is the item's or that the file was imported again.
CREATE OR REPLACE FUNCTION import_timescales(p_actions bigint[], p_items jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    old_ids bigint[] := ARRAY(SELECT t.id FROM unnest(p_actions) a JOIN timescale t ON t.action_id = a AND t.current);
BEGIN
    UPDATE timescale SET current = false WHERE id = ANY (old_ids);
    UPDATE deadline SET in_force = false WHERE timescale_id = ANY (old_ids) AND in_force;
    WITH made AS (
        INSERT INTO timescale (action_id, revision, text, kind, precision, starts_on, due_on, confidence, reading,
                               reason, slips)
        SELECT i.action_id, coalesce(o.revision, 0) + 1, r->>'text', r->>'kind', r->>'precision',
               (r->>'starts_on')::date, (r->>'due_on')::date, r->>'confidence', r,
               CASE WHEN o.revision IS NOT NULL THEN coalesce(i.item->>'reason', 're-imported') END,
               coalesce(o.slips, 0) + coalesce(((r->>'due_on')::date > o.due_on)::integer, 0)
        FROM unnest(p_actions, p_items) WITH ORDINALITY i (action_id, item, n)
        CROSS JOIN LATERAL (SELECT i.item->'timescale' AS r OFFSET 0) x
        LEFT JOIN LATERAL (SELECT t.revision, t.slips, t.due_on FROM timescale t WHERE old_ids <> '{}'
                           AND t.action_id = i.action_id ORDER BY t.revision DESC LIMIT 1) o ON true
        ORDER BY i.n
        RETURNING id, action_id, revision, reading
    )
    INSERT INTO deadline (action_id, timescale_id, position, label, due_on, done_on)
    SELECT m.action_id, m.id, d.n, d.item->>'label', (d.item->>'due_on')::date,
           CASE WHEN m.revision > 1 THEN (
               SELECT e.done_on FROM timescale t JOIN deadline e ON e.timescale_id = t.id
               WHERE t.action_id = m.action_id AND t.revision = m.revision - 1
                 AND e.due_on = (d.item->>'due_on')::date AND e.label IS NOT DISTINCT FROM d.item->>'label') END
    FROM made m, jsonb_array_elements(m.reading->'deadlines') WITH ORDINALITY d (item, n)
    ORDER BY m.id, d.n;
END $$;

-- Timescales of new actions. Where the file has one that was revised since, both are kept.
CREATE OR REPLACE FUNCTION import_timescales_new(p_actions bigint[], p_items jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM import_timescales(array_agg(i.id ORDER BY i.n), array_agg(
                jsonb_build_object('timescale', i.item->'original_timescale') ORDER BY i.n))
    FROM unnest(p_actions, p_items) WITH ORDINALITY i (id, item, n)
    WHERE jsonb_typeof(i.item->'original_timescale') = 'object'
    HAVING count(*) > 0;
    PERFORM import_timescales(array_agg(i.id ORDER BY i.n), array_agg(
                i.item || '{"reason": "revised when published"}' ORDER BY i.n))
    FROM unnest(p_actions, p_items) WITH ORDINALITY i (id, item, n)
    WHERE jsonb_typeof(i.item->'timescale') = 'object'
    HAVING count(*) > 0;
END $$;

-- What the file reports of actions becomes an update of each.
CREATE OR REPLACE FUNCTION import_notes(p_actions bigint[], p_items jsonb[])
RETURNS void LANGUAGE sql AS $$
    INSERT INTO update (action_id, note, author, created_at)
    SELECT i.id, i.item->>'note', 'import', clock_now()
    FROM unnest(p_actions, p_items) WITH ORDINALITY i (id, item, n)
    WHERE i.item->>'note' <> ''
    ORDER BY i.n;
$$;

-- The leads that the actions name, those that are new made first, in the order of their first naming.
CREATE OR REPLACE FUNCTION import_assign_new(p_actions bigint[], p_items jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lead (name, post_key, kind)
    SELECT f.name, f.post_key, f.kind
    FROM (SELECT DISTINCT ON (v.value->>'post_key') i.n, v.ordinality AS k, v.value->>'name' AS name,
                 v.value->>'post_key' AS post_key, (v.value->>'kind')::lead_kind AS kind
          FROM unnest(p_items) WITH ORDINALITY i (item, n), jsonb_array_elements(i.item->'leads') WITH ORDINALITY v
          ORDER BY v.value->>'post_key', i.n, v.ordinality) f
    WHERE NOT EXISTS (SELECT FROM lead l WHERE l.post_key = f.post_key)
    ORDER BY f.n, f.k
    ON CONFLICT (post_key) DO NOTHING;
    INSERT INTO assignment (action_id, lead_id, role, position)
    SELECT i.action_id, l.id, (v.value->>'role')::assignment_role, v.ordinality
    FROM unnest(p_actions, p_items) WITH ORDINALITY i (action_id, item, n),
         jsonb_array_elements(i.item->'leads') WITH ORDINALITY v
    JOIN lead l ON l.post_key = v.value->>'post_key'
    ORDER BY i.n, v.ordinality
    ON CONFLICT (action_id, lead_id) DO NOTHING;
END $$;

-- Makes the actions in a few statements, however many there are; none of their references may be
-- taken.
CREATE OR REPLACE FUNCTION import_actions_make(p_plan bigint, p_numbers text[], p_items jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    INSERT INTO action (plan_id, recommendation_id, reference, description, status, rag, percent, completed_on, doubts)
    SELECT p_plan, r.id, i.item->>'reference', i.item->>'description', s.status, (i.item->>'rag')::rag,
           (i.item->>'percent')::smallint,
           CASE WHEN s.status = 'complete'
                THEN coalesce(i.item->>'completed_on', i.item->'timescale'->>'completed_on')::date END, i.item->'doubts'
    FROM unnest(p_numbers, p_items) WITH ORDINALITY i (number, item, n)
    JOIN recommendation r ON r.plan_id = p_plan AND r.number = i.number
    CROSS JOIN LATERAL (SELECT coalesce((i.item->>'status')::action_status, 'not_started') AS status) s
    ORDER BY i.n;
    SELECT array_agg(a.id ORDER BY i.n) INTO ids
    FROM unnest(p_items) WITH ORDINALITY i (item, n)
    JOIN action a ON a.plan_id = p_plan AND a.reference = i.item->>'reference';
    PERFORM import_assign_new(ids, p_items);
    PERFORM import_notes(ids, p_items);
    PERFORM import_timescales_new(array_agg(i.id ORDER BY i.n), array_agg(i.item ORDER BY i.n))
    FROM unnest(ids, p_items) WITH ORDINALITY i (id, item, n) WHERE NOT i.item ? 'history';
    PERFORM import_history(i.id, i.item->'history')
    FROM unnest(ids, p_items) WITH ORDINALITY i (id, item, n) WHERE i.item ? 'history';
END $$;

-- p_changes: rows of import_changes that are no action of the plan yet. Where a person gave a
-- reference away meanwhile, the action gets the next free one.
CREATE OR REPLACE FUNCTION import_actions_new(p_plan bigint, p_changes jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    taken jsonb[] := ARRAY(
        SELECT x FROM unnest(p_changes) x
        JOIN action a ON a.plan_id = p_plan AND a.reference = x->'item'->>'reference');
    c record;
BEGIN
    PERFORM import_actions_make(p_plan, array_agg(x.value->>'number' ORDER BY x.n), array_agg(x.value->'item' ORDER BY x.n))
    FROM unnest(p_changes) WITH ORDINALITY x (value, n)
    WHERE taken = '{}' OR NOT x.value = ANY (taken)
    HAVING count(*) > 0;
    FOR c IN SELECT x->>'number' AS number, x->'item' AS item, r.id FROM unnest(taken) x
             JOIN recommendation r ON r.plan_id = p_plan AND r.number = x->>'number' LOOP
        PERFORM import_actions_make(p_plan, ARRAY[c.number],
            ARRAY[c.item || jsonb_build_object('reference', action_reference_next(c.id))]);
    END LOOP;
END $$;

-- p_changes: rows of import_changes that are actions of the plan and differ.
CREATE OR REPLACE FUNCTION import_actions_change(p_plan bigint, p_changes jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM import_timescales(array_agg((x.value->>'action_id')::bigint ORDER BY x.n), array_agg(x.value->'item' ORDER BY x.n))
    FROM unnest(p_changes) WITH ORDINALITY x (value, n) WHERE x.value->'changes' ? 'timescale';
    PERFORM import_notes(array_agg((x.value->>'action_id')::bigint ORDER BY x.n), array_agg(x.value->'item' ORDER BY x.n))
    FROM unnest(p_changes) WITH ORDINALITY x (value, n) WHERE x.value->'changes' ? 'note';
    PERFORM import_assign((x->>'action_id')::bigint, x->'item'->'leads')
    FROM unnest(p_changes) x WHERE x->'changes' ? 'leads';
    UPDATE action a SET
        recommendation_id = CASE WHEN c.changes ? 'place' THEN r.id ELSE a.recommendation_id END,
        description = c.item->>'description',
        status = s.status,
        rag = CASE WHEN c.changes ? 'rag' THEN (c.item->>'rag')::rag ELSE a.rag END,
        percent = CASE WHEN c.changes ? 'percent' THEN (c.item->>'percent')::smallint ELSE a.percent END,
        completed_on = CASE WHEN s.status = 'complete'
                            THEN coalesce(CASE WHEN c.changes ? 'completed_on' THEN (c.item->>'completed_on')::date END,
                                          a.completed_on,
                                          coalesce(c.item->>'completed_on', c.item->'timescale'->>'completed_on')::date) END,
        doubts = c.item->'doubts'
    FROM unnest(p_changes) x
    CROSS JOIN LATERAL jsonb_to_record(x) c (number text, item jsonb, action_id bigint, changes jsonb)
    JOIN recommendation r ON r.plan_id = p_plan AND r.number = c.number
    JOIN action b ON b.id = c.action_id
    CROSS JOIN LATERAL (SELECT CASE WHEN c.changes ? 'status' THEN (c.item->>'status')::action_status
                                    ELSE b.status END AS status) s
    WHERE a.id = c.action_id;
END $$;

CREATE OR REPLACE FUNCTION import_actions(p_doc jsonb, p_plan bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found_changes jsonb[] := ARRAY(SELECT to_jsonb(i) FROM import_changes(p_doc, p_plan) i ORDER BY i.n);
    ids bigint[];
    targets text[];
BEGIN
    SELECT array_agg((x->>'action_id')::bigint), array_agg(x->'item'->>'reference') INTO ids, targets
    FROM unnest(found_changes) x WHERE x->'changes' ? 'place';
    PERFORM import_renumber(p_plan, coalesce(ids, '{}'), coalesce(targets, '{}'));
    PERFORM import_actions_change(p_plan, ARRAY(SELECT x FROM unnest(found_changes) x
                                                WHERE x->'action_id' <> 'null' AND x->'changes' <> '[]'));
    PERFORM import_actions_new(p_plan, ARRAY(SELECT x FROM unnest(found_changes) x WHERE x->'action_id' = 'null'));
END $$;

CREATE OR REPLACE FUNCTION import_finding(p_code text, p_detail text, p_row integer DEFAULT NULL)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('code', p_code, 'detail', p_detail, 'row', p_row, 'column', NULL);
$$;

-- What the caller must still say before there can be a new plan.
CREATE OR REPLACE FUNCTION import_needs(p_doc jsonb, p_plan bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(import_finding(n.code, n.detail) || jsonb_build_object('column', n.member)), '[]')
    FROM (VALUES ('title', 'title_missing', 'A new plan needs a title, and none was found: give one (--title; in the API ?title=)'),
                 ('organisation', 'organisation_missing',
                  'A new plan needs the organisation whose plan it is: name it (--organisation; in the API ?organisation=)')) n (member, code, detail)
    WHERE p_plan IS NULL AND p_doc->'plan'->>n.member IS NULL;
$$;

-- What stands against the import as a whole.
CREATE OR REPLACE FUNCTION import_objections(p_doc jsonb, p_plan bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(import_finding(o.code, o.detail, o.row) || jsonb_build_object('column', o.member)
                              ORDER BY o.row NULLS FIRST), '[]')
    FROM (
        SELECT 'slug_taken' AS code, format('There is a plan %s already', p_doc->'plan'->>'slug') AS detail,
               NULL::integer AS row, 'slug' AS member
        WHERE p_plan IS NULL AND EXISTS (SELECT FROM plan WHERE slug = p_doc->'plan'->>'slug')
        UNION ALL
        SELECT 'plan_adopted', format('The wording of recommendation %s is never changed after its plan is adopted',
                                      r.number), (d->>'row')::integer, NULL
        FROM jsonb_array_elements(p_doc->'recommendations') d
        JOIN recommendation r ON r.plan_id = p_plan AND r.number = d->>'number' AND r.text <> d->>'text'
        JOIN plan p ON p.id = p_plan AND p.adopted_on <= (clock_now() AT TIME ZONE p.time_zone)::date
    ) o;
$$;

-- PostgreSQL cannot know how many items a document has, takes them for millions, and would compile
-- each statement (jit) for longer than it runs.

-- Imports the document as a new plan (p_plan NULL) or into one, by its id or slug; all or nothing.
-- Nothing that the file lacks is deleted. Gives the plan's id.
CREATE OR REPLACE FUNCTION plan_import(p_doc jsonb, p_plan text)
RETURNS bigint LANGUAGE plpgsql SET jit = off AS $$
DECLARE
    plan_id bigint := CASE WHEN p_plan IS NOT NULL THEN plan_id_of(p_plan, NULL) END;
    objections jsonb := p_doc->'errors' || import_needs(p_doc, plan_id) || import_objections(p_doc, plan_id);
BEGIN
    IF objections <> '[]' THEN
        PERFORM refuse(422, objections->0->>'code', objections->0->>'detail', '/errors/0');
    END IF;
    plan_id := import_plan_row(p_doc->'plan', p_plan);
    PERFORM import_recommendations(p_doc, plan_id);
    PERFORM import_actions(p_doc, plan_id);
    RETURN plan_id;
END $$;
