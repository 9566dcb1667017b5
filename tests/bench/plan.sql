-- A council's worth of actions: :actions of them in plans of 200, each with a timescale, two deadlines
-- and two leads. psql -v actions=10000
SELECT act_as('bench', NULL, NULL);
INSERT INTO lead (name, post_key, kind, holder, email)
SELECT 'Post ' || n, 'post ' || n, CASE WHEN n % 3 = 0 THEN 'cabinet_member' ELSE 'officer' END::lead_kind,
       'Holder ' || n, 'post' || n || '@example.org'
FROM generate_series(1, 300) n;
INSERT INTO plan (slug, title, organisation, state, adopted_on)
SELECT 'plan-' || n, 'Improvement plan ' || n, 'Example Council', 'active', '2021-12-01'
FROM generate_series(1, greatest(1, :actions / 200)) n;
INSERT INTO recommendation (plan_id, number, text, position)
SELECT p.id, r::text, 'Recommendation ' || r || ': ensure that the model is clear to members, officers and partners.', r AS position
FROM plan p, generate_series(1, 20) r ORDER BY p.id, position;
INSERT INTO action (plan_id, recommendation_id, reference, description, status)
SELECT r.plan_id, r.id, r.number || '.' || n,
       'Develop and agree a communication plan for internal and external stakeholders, part ' || n || '.',
       CASE WHEN n % 4 = 0 THEN 'in_progress' ELSE 'not_started' END::action_status
FROM recommendation r, generate_series(1, 10) n ORDER BY r.id, n LIMIT :actions;
INSERT INTO timescale (action_id, revision, text, kind, precision, starts_on, due_on, confidence, reading)
SELECT a.id, 1, 'Dec 2021 – March 2022', 'range', 'month', '2021-12-01', '2022-03-31', 'certain',
       '{"text":"Dec 2021 – March 2022","kind":"range","precision":"month","starts_on":"2021-12-01","due_on":"2022-03-31","deadlines":[],"continues":false,"recurs":null,"status_hint":null,"confidence":"certain","assumptions":[],"reading":"Work from 1 December 2021, due by 31 March 2022"}'
FROM action a;
INSERT INTO deadline (action_id, timescale_id, position, label, due_on)
SELECT t.action_id, t.id, k, CASE k WHEN 1 THEN 'Review' END, '2021-12-31'::date + (t.id % 700)::integer + 90 * (k - 1)
FROM timescale t, generate_series(1, 2) k;
INSERT INTO assignment (action_id, lead_id, role, position)
SELECT a.id, 1 + (a.id * 7 + k * 13) % 300, CASE k WHEN 1 THEN 'lead' ELSE 'cabinet_member' END::assignment_role, k
FROM action a, generate_series(1, 2) k ON CONFLICT DO NOTHING;
