-- What every database starts with: the default ladder.

WITH made AS (INSERT INTO ladder (plan_id) VALUES (NULL) RETURNING id)
INSERT INTO ladder_stage (ladder_id, offset_days, audience, repeat_days)
SELECT made.id, s.offset_days, s.audience::audience, s.repeat_days
FROM made, (VALUES
    (-28, 'lead', NULL), (-7, 'lead', NULL), (-1, 'lead', NULL), (0, 'lead', NULL), (1, 'lead', 7),
    (14, 'manager', NULL), (28, 'cabinet_member', NULL), (28, 'plan_owner', NULL)
) s (offset_days, audience, repeat_days);
