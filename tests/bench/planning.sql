-- :deadlines open deadlines in plans of 2,000, :due of them a week away from 24 March 2022 and the others years away.
SELECT act_as('bench', NULL, NULL);
SET session_replication_role = replica; -- the record of all this would be as large again
INSERT INTO lead (name, post_key, kind, holder, email)
SELECT 'Post ' || n, 'post ' || n, 'officer', 'Holder ' || n, 'post' || n || '@example.org' FROM generate_series(1, 2000) n;
INSERT INTO plan (slug, title, organisation, state, adopted_on, owner_id)
SELECT 'plan-' || n, 'Improvement plan ' || n, 'Example Council', 'active', '2021-12-01', 1 + n % 2000
FROM generate_series(1, greatest(1, :deadlines / 2000)) n;
INSERT INTO recommendation (plan_id, number, text, position) SELECT id, '1', 'Ensure that it is done.', 1 FROM plan;
INSERT INTO action (plan_id, recommendation_id, reference, description, status)
SELECT r.plan_id, r.id, '1.' || n, 'Agree a communication plan, part ' || n || '.', 'in_progress'
FROM recommendation r, generate_series(1, 1000) n;
INSERT INTO timescale (action_id, revision, text, kind, precision, due_on, confidence, reading)
SELECT a.id, 1, 'March 2022', 'month', 'month', '2022-03-31', 'certain', '{}' FROM action a;
INSERT INTO deadline (action_id, timescale_id, position, label, due_on)
SELECT t.action_id, t.id, k, CASE k WHEN 1 THEN 'Review' END,
       CASE WHEN (t.id * 2 + k) % (:deadlines / :due) = 0 THEN date '2022-03-31'
            ELSE date '2024-01-01' + ((t.id * 7 + k * 31) % 1500)::integer END
FROM timescale t, generate_series(1, 2) k;
INSERT INTO assignment (action_id, lead_id, role, position)
SELECT a.id, 1 + (a.id * 7) % 2000, 'lead', 1 FROM action a;
INSERT INTO held_day (day, reminders, people, usual, most, decision, decided_at, decided_by)
VALUES ('2022-03-24', 1000000, 1000000, 0, 200, 'approved', now(), 'the benchmark');
SET session_replication_role = origin;
