-- Every write of the API: one call each, which checks the key, locks the row, compares the
-- version, applies the body and leaves the change record, in one transaction.

-- The live key behind a digest, with at least that role; names the caller for the record.
CREATE OR REPLACE FUNCTION key_require(p_digest bytea, p_role key_role, p_request text)
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    k live_key;
BEGIN
    SELECT * INTO k FROM live_key WHERE digest = p_digest;
    IF NOT FOUND THEN
        PERFORM refuse(401, 'unauthorized', 'The key is not accepted');
    END IF;
    IF k.role < p_role THEN
        PERFORM refuse(403, 'forbidden', format('This needs a key with the role %s', p_role));
    END IF;
    PERFORM act_as(k.name, k.id, p_request);
    RETURN k.plan_ids;
END $$;

-- Only keys for every plan may touch what belongs to no plan (leads, the default ladder, keys).
CREATE OR REPLACE FUNCTION key_require_all_plans(p_digest bytea, p_role key_role, p_request text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF key_require(p_digest, p_role, p_request) IS NOT NULL THEN
        PERFORM refuse(403, 'forbidden', 'This needs a key that is not limited to some plans');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION sees(p_plan_ids bigint[], p_plan_id bigint)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_plan_ids IS NULL OR p_plan_id = ANY (p_plan_ids);
$$;

-- p_if_match: the versions that If-Match named, or NULL for "*".
CREATE OR REPLACE FUNCTION require_version(p_if_match bigint[], p_version bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_if_match IS NOT NULL AND NOT p_version = ANY (p_if_match) THEN
        PERFORM refuse(412, 'stale_version', format(
            'It has changed since you read it: it is now at version %s. Read it again, then repeat the change', p_version));
    END IF;
END $$;

CREATE OR REPLACE FUNCTION not_found(p_what text)
RETURNS void LANGUAGE sql AS $$
    SELECT refuse(404, 'not_found', 'There is no such ' || p_what);
$$;

-- A plan by its id or its slug; 404 outside the key's plans.
CREATE OR REPLACE FUNCTION plan_id_of(p_plan text, p_plan_ids bigint[])
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    found_id bigint;
BEGIN
    IF p_plan ~ '^[1-9][0-9]{0,17}$' THEN
        SELECT id INTO found_id FROM plan WHERE id = p_plan::bigint;
    ELSE
        SELECT id INTO found_id FROM plan WHERE slug = p_plan;
    END IF;
    IF found_id IS NULL OR NOT sees(p_plan_ids, found_id) THEN
        PERFORM not_found('plan');
    END IF;
    RETURN found_id;
END $$;

CREATE OR REPLACE FUNCTION require_lead(p_lead bigint, p_pointer text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_lead IS NOT NULL AND NOT EXISTS (SELECT FROM lead WHERE id = p_lead) THEN
        PERFORM refuse(422, 'unknown_lead', format('There is no lead %s', p_lead), p_pointer);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION require_time_zone(p_zone text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_zone IS NOT NULL AND NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = p_zone) THEN
        PERFORM refuse(422, 'unknown_time_zone', format('%s is not a time zone', p_zone), '/time_zone');
    END IF;
END $$;

-- ---- plans ----

CREATE OR REPLACE FUNCTION slug_of(p_title text)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    base text := trim(BOTH '-' FROM left(regexp_replace(lower(p_title), '[^a-z0-9]+', '-', 'g'), 70));
    slug_try text;
BEGIN
    IF base !~ '[a-z]' THEN
        base := trim(BOTH '-' FROM 'plan-' || base);
    END IF;
    FOR i IN 1..1000 LOOP
        slug_try := base || CASE WHEN i = 1 THEN '' ELSE '-' || i END;
        IF NOT EXISTS (SELECT FROM plan WHERE slug = slug_try) THEN
            RETURN slug_try;
        END IF;
    END LOOP;
    RETURN base || '-' || nextval('plan_id_seq');
END $$;

CREATE OR REPLACE FUNCTION plan_create(p_digest bytea, p_request text, p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    new_id bigint;
BEGIN
    PERFORM key_require_all_plans(p_digest, 'editor', p_request);
    PERFORM require_lead((p_body->>'owner')::bigint, '/owner');
    PERFORM require_time_zone(p_body->>'time_zone');
    INSERT INTO plan (slug, title, organisation, source_url, adopted_on, owner_id, state, published,
                      time_zone, division, quarter_basis, relative_to, send_at, updates_every_days)
    VALUES (coalesce(p_body->>'slug', slug_of(p_body->>'title')), p_body->>'title', p_body->>'organisation',
            p_body->>'source_url', (p_body->>'adopted_on')::date, (p_body->>'owner')::bigint,
            coalesce((p_body->>'state')::plan_state, 'draft'), coalesce((p_body->>'published')::boolean, false),
            coalesce(p_body->>'time_zone', 'Europe/London'),
            coalesce((p_body->>'division')::division, 'england-and-wales'),
            coalesce((p_body->>'quarter_basis')::quarter_basis, 'financial'),
            (p_body->>'relative_to')::date, coalesce((p_body->>'send_at')::time, '08:30'),
            (p_body->>'updates_every_days')::integer)
    RETURNING id INTO new_id;
    RETURN new_id;
END $$;

CREATE OR REPLACE FUNCTION plan_patch(p_digest bytea, p_request text, p_plan text, p_if_match bigint[], p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    old public.plan;
    new public.plan;
BEGIN
    SELECT * INTO old FROM plan WHERE id = plan_id_of(p_plan, plan_ids) FOR UPDATE;
    PERFORM require_version(p_if_match, old.version);
    PERFORM require_lead((p_body->>'owner')::bigint, '/owner');
    PERFORM require_time_zone(p_body->>'time_zone');
    new := jsonb_populate_record(old, p_body);
    IF p_body ? 'owner' THEN
        new.owner_id := (p_body->>'owner')::bigint;
    END IF;
    UPDATE plan SET slug = new.slug, title = new.title, organisation = new.organisation,
        source_url = new.source_url, adopted_on = new.adopted_on, owner_id = new.owner_id,
        state = new.state, published = new.published, time_zone = new.time_zone,
        division = new.division, quarter_basis = new.quarter_basis, relative_to = new.relative_to,
        send_at = new.send_at, updates_every_days = new.updates_every_days
    WHERE id = old.id;
    IF new.slug <> old.slug THEN
        PERFORM action_touch(ARRAY(SELECT id FROM action WHERE plan_id = old.id));
    END IF;
    RETURN old.id;
END $$;

-- ---- recommendations ----

CREATE OR REPLACE FUNCTION recommendation_create(p_digest bytea, p_request text, p_plan text, p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    plan bigint := plan_id_of(p_plan, plan_ids);
    new_id bigint;
BEGIN
    INSERT INTO recommendation (plan_id, number, text, response, position)
    VALUES (plan, p_body->>'number', p_body->>'text', coalesce((p_body->>'response')::response, 'accepted'),
            (SELECT coalesce(max(position), 0) + 1 FROM recommendation WHERE plan_id = plan))
    RETURNING id INTO new_id;
    RETURN new_id;
END $$;

CREATE OR REPLACE FUNCTION recommendation_patch(p_digest bytea, p_request text, p_id bigint, p_if_match bigint[], p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    old public.recommendation;
    new public.recommendation;
BEGIN
    SELECT * INTO old FROM recommendation WHERE id = p_id FOR UPDATE;
    IF NOT FOUND OR NOT sees(plan_ids, old.plan_id) THEN
        PERFORM not_found('recommendation');
    END IF;
    PERFORM require_version(p_if_match, old.version);
    new := jsonb_populate_record(old, p_body);
    IF (new.text, new.number) IS DISTINCT FROM (old.text, old.number)
       AND (SELECT adopted_on IS NOT NULL AND adopted_on <= (clock_now() AT TIME ZONE time_zone)::date
            FROM plan WHERE id = old.plan_id) THEN
        PERFORM refuse(409, 'plan_adopted', 'The wording of a recommendation is never changed after its plan is adopted',
                       CASE WHEN new.text <> old.text THEN '/text' ELSE '/number' END);
    END IF;
    UPDATE recommendation SET number = new.number, text = new.text, response = new.response WHERE id = p_id;
    IF new.number <> old.number THEN
        PERFORM action_touch(ARRAY(SELECT id FROM action WHERE recommendation_id = p_id));
    END IF;
    RETURN p_id;
END $$;

-- ---- leads ----

CREATE OR REPLACE FUNCTION require_no_loop(p_lead bigint)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE up (id, manager_id) AS (
            SELECT id, manager_id FROM lead WHERE id = p_lead
            UNION
            SELECT l.id, l.manager_id FROM lead l JOIN up ON l.id = up.manager_id)
        SELECT FROM up WHERE up.manager_id = p_lead) THEN
        PERFORM refuse(422, 'manager_loop', 'A lead cannot be above itself', '/manager');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION lead_create(p_digest bytea, p_request text, p_body jsonb, p_post_key text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    new_id bigint;
BEGIN
    PERFORM key_require_all_plans(p_digest, 'editor', p_request);
    PERFORM require_lead((p_body->>'deputy')::bigint, '/deputy');
    PERFORM require_lead((p_body->>'manager')::bigint, '/manager');
    INSERT INTO lead (name, post_key, kind, holder, email, language, deputy_id, manager_id, away_from, away_until)
    VALUES (p_body->>'name', p_post_key, coalesce((p_body->>'kind')::lead_kind, 'officer'),
            p_body->>'holder', p_body->>'email', coalesce((p_body->>'language')::lead_language, 'en'),
            (p_body->>'deputy')::bigint, (p_body->>'manager')::bigint,
            (p_body->>'away_from')::date, (p_body->>'away_until')::date)
    RETURNING id INTO new_id;
    RETURN new_id;
END $$;

-- p_post_key: the normal form of the new name, or NULL when the name stays.
CREATE OR REPLACE FUNCTION lead_patch(p_digest bytea, p_request text, p_id bigint, p_if_match bigint[],
                                      p_body jsonb, p_post_key text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old public.lead;
    new public.lead;
BEGIN
    PERFORM key_require_all_plans(p_digest, 'editor', p_request);
    SELECT * INTO old FROM lead WHERE id = p_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM not_found('lead');
    END IF;
    PERFORM require_version(p_if_match, old.version);
    PERFORM require_lead((p_body->>'deputy')::bigint, '/deputy');
    PERFORM require_lead((p_body->>'manager')::bigint, '/manager');
    new := jsonb_populate_record(old, p_body);
    IF p_body ? 'deputy' THEN
        new.deputy_id := (p_body->>'deputy')::bigint;
    END IF;
    IF p_body ? 'manager' THEN
        new.manager_id := (p_body->>'manager')::bigint;
    END IF;
    UPDATE lead SET name = new.name, post_key = coalesce(p_post_key, old.post_key), kind = new.kind,
        holder = new.holder, email = new.email, language = new.language, deputy_id = new.deputy_id,
        manager_id = new.manager_id, away_from = new.away_from, away_until = new.away_until
    WHERE id = p_id;
    IF p_body ? 'email' THEN -- also the same again: somebody says that it works now
        DELETE FROM undeliverable WHERE address = lower(new.email);
    END IF;
    IF (new.name, new.kind) <> (old.name, old.kind) THEN
        PERFORM action_touch(ARRAY(SELECT action_id FROM assignment WHERE lead_id = p_id));
    END IF;
    PERFORM require_no_loop(p_id);
    RETURN p_id;
END $$;

-- ---- ladder ----

-- p_plan NULL: the default ladder. The stages are replaced whole.
CREATE OR REPLACE FUNCTION ladder_put(p_digest bytea, p_request text, p_plan text, p_if_match bigint[], p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    plan bigint;
    old ladder;
    default_version bigint := (SELECT version FROM ladder WHERE plan_id IS NULL);
BEGIN
    IF p_plan IS NOT NULL THEN
        plan := plan_id_of(p_plan, plan_ids);
    ELSIF plan_ids IS NOT NULL THEN
        PERFORM refuse(403, 'forbidden', 'This needs a key that is not limited to some plans');
    END IF;
    SELECT * INTO old FROM ladder WHERE plan_id IS NOT DISTINCT FROM plan FOR UPDATE;
    IF FOUND THEN
        PERFORM require_version(p_if_match, old.version);
        UPDATE ladder SET updated_at = clock_now() WHERE id = old.id;
    ELSE
        -- A plan's first ladder replaces the default one that it was read as. It counts on from
        -- there, so that a tag of the one never stands for the other.
        PERFORM require_version(p_if_match, default_version);
        INSERT INTO ladder (plan_id, version) VALUES (plan, coalesce(default_version, 0) + 1) RETURNING * INTO old;
    END IF;
    DELETE FROM ladder_stage WHERE ladder_id = old.id;
    INSERT INTO ladder_stage (ladder_id, offset_days, audience, repeat_days)
    SELECT old.id, (s->>'offset_days')::integer, a::audience, (s->>'repeat_days')::integer
    FROM jsonb_array_elements(p_body->'stages') s, jsonb_array_elements_text(s->'audience') a;
    RETURN old.id;
END $$;

-- ---- closures ----

-- All of them, replaced whole; what stays is left alone, so that the record shows what changed.
CREATE OR REPLACE FUNCTION closures_put(p_digest bytea, p_request text, p_if_match bigint[], p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old closure_set;
    again record;
BEGIN
    PERFORM key_require_all_plans(p_digest, 'editor', p_request);
    SELECT * INTO old FROM closure_set FOR UPDATE;
    PERFORM require_version(p_if_match, old.version);
    SELECT c.day, max(c.n) - 1 AS place INTO again
    FROM jsonb_array_elements(p_body->'closures') WITH ORDINALITY w (item, n)
    CROSS JOIN LATERAL (SELECT w.item->>'day' AS day, w.n) c
    GROUP BY c.day HAVING count(*) > 1 ORDER BY 2 LIMIT 1;
    IF FOUND THEN
        PERFORM refuse(422, 'repeated_day', format('%s comes more than once', again.day),
                       format('/closures/%s/day', again.place));
    END IF;
    DELETE FROM closure c
    WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(p_body->'closures') w WHERE (w->>'day')::date = c.day);
    UPDATE closure c SET title = w->>'title'
    FROM jsonb_array_elements(p_body->'closures') w WHERE (w->>'day')::date = c.day AND w->>'title' <> c.title;
    INSERT INTO closure (day, title)
    SELECT (w->>'day')::date, w->>'title' FROM jsonb_array_elements(p_body->'closures') w
    WHERE NOT EXISTS (SELECT FROM closure c WHERE c.day = (w->>'day')::date);
    UPDATE closure_set SET updated_at = clock_now() WHERE id = old.id;
    RETURN old.id;
END $$;

-- ---- messages ----

-- Sends the same bytes to the same address again, whatever has changed since, because a person says so.
CREATE OR REPLACE FUNCTION message_retry(p_digest bytea, p_request text, p_id bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old message;
    new message;
BEGIN
    PERFORM key_require_all_plans(p_digest, 'editor', p_request);
    SELECT * INTO old FROM message WHERE id = p_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM not_found('message');
    END IF;
    IF old.state NOT IN ('failed', 'retry', 'uncertain') THEN
        PERFORM refuse(409, 'not_retryable', CASE old.state
            WHEN 'sent' THEN 'It was sent'
            WHEN 'cancelled' THEN 'It was cancelled: it says what is not so any more, or its reminders were planned again'
            WHEN 'leased' THEN 'It is being sent'
            ELSE 'It waits to be sent already' END);
    END IF;
    IF old.mime IS NULL THEN
        PERFORM refuse(409, 'not_retryable', CASE WHEN old.emptied_at IS NULL
            THEN 'It was never written, so there is nothing to send again' ELSE 'Its text is not kept any more' END);
    END IF;
    UPDATE message SET state = 'queued', reason = NULL, next_at = clock_now(), retried_at = clock_now(),
        retried_after = old.attempts
    WHERE id = p_id RETURNING * INTO new;
    UPDATE reminder SET state = 'planned', reason = NULL, updated_at = clock_now()
    WHERE message_id = p_id AND state = 'failed';
    PERFORM record_message(old, new);
    RETURN p_id;
END $$;

-- ---- keys ----

CREATE OR REPLACE FUNCTION key_insert(p_name text, p_role key_role, p_plan_ids bigint[], p_expires timestamptz,
                                      p_digest bytea, p_prefix text)
RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO api_key (name, digest, prefix, role, plan_ids, expires_at)
    VALUES (p_name, p_digest, p_prefix, p_role, p_plan_ids, p_expires) RETURNING id;
$$;

CREATE OR REPLACE FUNCTION key_create(p_digest bytea, p_request text, p_body jsonb, p_new_digest bytea, p_prefix text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plans bigint[];
BEGIN
    PERFORM key_require_all_plans(p_digest, 'admin', p_request);
    IF jsonb_typeof(p_body->'plans') = 'array' THEN
        SELECT coalesce(array_agg(v::bigint), '{}') INTO plans FROM jsonb_array_elements_text(p_body->'plans') v;
        IF EXISTS (SELECT FROM unnest(plans) x WHERE x NOT IN (SELECT id FROM plan)) THEN
            PERFORM refuse(422, 'unknown_plan', 'One of the plans does not exist', '/plans');
        END IF;
    END IF;
    IF (p_body->>'expires_at')::timestamptz <= clock_now() THEN
        PERFORM refuse(422, 'in_the_past', 'A key must expire in the future', '/expires_at');
    END IF;
    RETURN key_insert(p_body->>'name', (p_body->>'role')::key_role, plans,
                      (p_body->>'expires_at')::timestamptz, p_new_digest, p_prefix);
END $$;

-- A new key beside the old one, which lives on for the overlap, so that its user can change over without
-- a gap. It has as long a life as the old one was made with.
CREATE OR REPLACE FUNCTION key_rotate(p_digest bytea, p_request text, p_id bigint, p_body jsonb, p_new_digest bytea,
                                      p_prefix text)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old api_key;
    overlap interval := make_interval(hours => coalesce((p_body->>'overlap_hours')::integer, 24));
    new_id bigint;
BEGIN
    PERFORM key_require_all_plans(p_digest, 'admin', p_request);
    SELECT * INTO old FROM api_key WHERE id = p_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM not_found('key');
    END IF;
    IF old.replaced_by IS NOT NULL THEN
        PERFORM refuse(409, 'key_replaced', format('Key %s has taken its place already', old.replaced_by));
    END IF;
    IF old.revoked_at IS NOT NULL OR old.expires_at <= clock_now() THEN
        PERFORM refuse(409, 'key_over', 'The key has expired or was revoked: make a new one');
    END IF;
    new_id := key_insert(old.name, old.role, old.plan_ids, clock_now() + (old.expires_at - old.created_at),
                         p_new_digest, p_prefix);
    UPDATE api_key SET replaced_by = new_id, expires_at = least(expires_at, clock_now() + overlap), version = version + 1
    WHERE id = p_id;
    RETURN new_id;
END $$;

CREATE OR REPLACE FUNCTION key_revoke(p_digest bytea, p_request text, p_id bigint, p_if_match bigint[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old api_key;
BEGIN
    PERFORM key_require_all_plans(p_digest, 'admin', p_request);
    SELECT * INTO old FROM api_key WHERE id = p_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM not_found('key');
    END IF;
    PERFORM require_version(p_if_match, old.version);
    UPDATE api_key SET revoked_at = coalesce(revoked_at, clock_now()), version = version + 1 WHERE id = p_id;
    RETURN p_id;
END $$;
