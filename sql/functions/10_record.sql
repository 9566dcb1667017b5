-- Refusals that the programs turn into HTTP answers, and the triggers that record every write.

-- A rule says no: the status the caller gets, a stable code, a sentence, and where in the body.
CREATE OR REPLACE FUNCTION refuse(p_status integer, p_code text, p_detail text, p_pointer text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'GT' || p_status, MESSAGE = p_code,
        DETAIL = p_detail, HINT = coalesce(p_pointer, '');
END $$;

-- Names the caller for the change records of this transaction.
CREATE OR REPLACE FUNCTION act_as(p_actor text, p_key_id bigint, p_request text)
RETURNS void LANGUAGE sql AS $$
    SELECT set_config('gt.caller',
        json_build_object('actor', p_actor, 'key_id', p_key_id, 'request_id', p_request)::text, true);
$$;

CREATE OR REPLACE FUNCTION record_version()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := clock_now();
    RETURN NEW;
END $$;

-- The plan that a row belongs to: its own, its action's or its ladder's; NULL = none.
CREATE OR REPLACE FUNCTION record_plan(p_table text, p_row jsonb)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN CASE
        WHEN p_table = 'plan' THEN (p_row->>'id')::bigint
        WHEN p_row ? 'plan_id' THEN (p_row->>'plan_id')::bigint
        WHEN p_row ? 'action_id' THEN (SELECT plan_id FROM action WHERE id = (p_row->>'action_id')::bigint)
        WHEN p_row ? 'ladder_id' THEN (SELECT plan_id FROM ladder WHERE id = (p_row->>'ladder_id')::bigint) END;
END $$;

-- What the record keeps of a row: neither secrets nor their digests, and of a webhook's address the
-- server only, since some receivers take the rest of it for a password.
CREATE OR REPLACE FUNCTION recorded(p_row jsonb, p_table text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_table <> 'webhook' THEN p_row - '{digest,secret}'::text[]
                ELSE p_row || jsonb_build_object('url', substring(p_row->>'url' FROM '^https?://[^/?#]+')) END;
$$;

CREATE OR REPLACE FUNCTION record_change()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    caller jsonb := coalesce(nullif(current_setting('gt.caller', true), ''), '{}')::jsonb;
    old_row jsonb := recorded(to_jsonb(OLD), TG_TABLE_NAME);
    new_row jsonb := CASE WHEN TG_OP = 'UPDATE' THEN recorded(to_jsonb(NEW), TG_TABLE_NAME) END;
    subject jsonb := coalesce(new_row, old_row);
BEGIN
    IF TG_OP = 'UPDATE' AND (old_row - 'last_used_at') = (new_row - 'last_used_at') THEN
        RETURN NULL; -- last use is not a change of the key
    END IF;
    INSERT INTO change (actor, key_id, request_id, verb, resource, resource_id, plan_id, before, after)
    VALUES (coalesce(caller->>'actor', session_user), (caller->>'key_id')::bigint, caller->>'request_id',
            CASE TG_OP WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END, TG_TABLE_NAME,
            coalesce(subject->>'id', subject->>'action_id', subject->>'ladder_id')::bigint,
            record_plan(TG_TABLE_NAME, subject), old_row, new_row);
    RETURN NULL;
END $$;

-- The same for new rows, a whole statement's at once: an import makes thousands.
CREATE OR REPLACE FUNCTION record_created()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    caller jsonb := coalesce(nullif(current_setting('gt.caller', true), ''), '{}')::jsonb;
    caller_actor text := coalesce(caller->>'actor', session_user);
    caller_key bigint := caller->>'key_id';
    caller_request text := caller->>'request_id';
BEGIN
    INSERT INTO change (actor, key_id, request_id, verb, resource, resource_id, plan_id, after)
    SELECT caller_actor, caller_key, caller_request, 'created', TG_TABLE_NAME,
           coalesce(r.after->>'id', r.after->>'action_id', r.after->>'ladder_id')::bigint,
           record_plan(TG_TABLE_NAME, r.after), r.after
    FROM (SELECT recorded(to_jsonb(n), TG_TABLE_NAME) AS after FROM new_rows n OFFSET 0) r;
    RETURN NULL;
END $$;

-- A message that a person changed. What the notifier does to it is told by its attempts instead, and the
-- text of an email is kept in one place.
CREATE OR REPLACE FUNCTION record_message(p_old message, p_new message)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO change (actor, key_id, request_id, verb, resource, resource_id, before, after)
    SELECT coalesce(c.caller->>'actor', session_user), (c.caller->>'key_id')::bigint, c.caller->>'request_id',
           'updated', 'message', p_new.id, to_jsonb(p_old) - 'mime', to_jsonb(p_new) - 'mime'
    FROM (SELECT coalesce(nullif(current_setting('gt.caller', true), ''), '{}')::jsonb AS caller) c;
$$;

-- Insert-only by right (grants) and, for whoever owns the tables, by this. Only person_anonymise alters what a
-- change says, and that is on record itself.
CREATE OR REPLACE FUNCTION change_is_final()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'change' AND current_setting('gt.redaction', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the change record is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER change_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON change
    FOR EACH STATEMENT EXECUTE FUNCTION change_is_final();
CREATE OR REPLACE TRIGGER change_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON change_order
    FOR EACH STATEMENT EXECUTE FUNCTION change_is_final();
CREATE OR REPLACE TRIGGER change_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON change_redaction
    FOR EACH STATEMENT EXECUTE FUNCTION change_is_final();
CREATE OR REPLACE TRIGGER change_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON redaction
    FOR EACH STATEMENT EXECUTE FUNCTION change_is_final();

-- Each change takes a random value along into its seal. When a person's data is removed from it, this goes too,
-- and nobody can find out by trying names whether the hash that stays was theirs.
CREATE OR REPLACE FUNCTION change_salt()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    salt jsonb := jsonb_build_object('salt', gen_random_uuid());
BEGIN
    IF NEW.after IS NULL THEN
        NEW.before := NEW.before || salt;
    ELSE
        NEW.after := NEW.after || salt;
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_salt BEFORE INSERT ON change FOR EACH ROW EXECUTE FUNCTION change_salt();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['plan', 'recommendation', 'action', 'lead', 'deadline', 'ladder', 'closure_set',
                                'webhook'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER a_version BEFORE UPDATE ON %I
                        FOR EACH ROW EXECUTE FUNCTION record_version()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['plan', 'recommendation', 'action', 'lead', 'assignment', 'timescale',
                                'deadline', 'update', 'ladder', 'ladder_stage', 'closure', 'closure_set', 'api_key', 'snapshot',
                                'webhook', 'webhook_secret', 'redaction'] LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER b_change AFTER UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION record_change()', name);
        EXECUTE format('CREATE OR REPLACE TRIGGER b_created AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION record_created()', name);
    END LOOP;
END $$;
