-- Snapshots: a name for a moment, to read and compare against.

DROP VIEW IF EXISTS snapshot_json CASCADE;
CREATE VIEW snapshot_json AS
SELECT s.id, s.plan_id,
    (SELECT row_to_json(x) FROM (SELECT
        s.id, p.slug AS plan, s.plan_id, s.name, instant(s.at) AS at, instant(s.created_at) AS created_at) x) AS body
FROM snapshot s JOIN plan p ON p.id = s.plan_id;

CREATE OR REPLACE FUNCTION snapshot_create(p_digest bytea, p_request text, p_plan text, p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    plan bigint := plan_id_of(p_plan, plan_ids);
    moment timestamptz := coalesce((p_body->>'at')::timestamptz, clock_now());
    new_id bigint;
BEGIN
    IF moment > clock_now() THEN
        PERFORM refuse(422, 'in_the_future', 'A snapshot is of a moment that has come', '/at');
    END IF;
    INSERT INTO snapshot (plan_id, name, at) VALUES (plan, p_body->>'name', moment) RETURNING id INTO new_id;
    RETURN new_id;
END $$;

CREATE OR REPLACE FUNCTION snapshot_answer(p_id bigint)
RETURNS TABLE (body json, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, '/v1/plans/' || j.plan_id || '/snapshots' FROM snapshot_json j WHERE j.id = p_id;
$$;
