-- The flood guard: a day on which far more would leave than usual waits for a person's word.

-- What becomes of a day's plan. More than 200, and than five times the usual day of late, is
-- held until a person decides; an approval is for about as much as was seen. Writes down what it holds.
-- p_reminders, p_people: what would be added to what the day has had already.
CREATE OR REPLACE FUNCTION day_verdict(p_day date, p_reminders bigint, p_people bigint)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    held held_day;
    whole bigint;
    usual integer;
    most integer;
BEGIN
    SELECT p_reminders + count(*) INTO whole
    FROM reminder r WHERE r.day = p_day AND r.state IN ('planned', 'sent', 'failed');
    SELECT whole + count(*) INTO whole FROM summary s WHERE s.day = p_day AND s.state = 'planned';
    IF whole <= 200 THEN
        RETURN 'send';
    END IF;
    SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY d.n), 0) INTO usual
    FROM (SELECT count(*)::integer AS n FROM reminder r
          WHERE r.day >= p_day - 90 AND r.day < p_day AND r.state IN ('planned', 'sent', 'failed')
          GROUP BY r.day ORDER BY r.day DESC LIMIT 20) d;
    most := greatest(200, 5 * usual);
    SELECT * INTO held FROM held_day h WHERE h.day = p_day;
    IF held.decision = 'approved' THEN
        most := greatest(most, held.reminders + 200);
    END IF;
    IF whole <= most THEN
        RETURN 'send';
    END IF;
    IF held.decision = 'rejected' THEN
        RETURN 'reject';
    END IF;
    INSERT INTO held_day AS h (day, reminders, people, usual, most, seen_at)
    VALUES (p_day, whole, p_people, usual, most, clock_timestamp())
    ON CONFLICT (day) DO UPDATE SET reminders = excluded.reminders, people = excluded.people, usual = excluded.usual,
        most = excluded.most, seen_at = clock_timestamp(), decision = NULL, decided_at = NULL, decided_by = NULL;
    RETURN 'hold';
END $$;

-- A person's decision on a held day: the newest undecided one, or p_day, which may also be one of the seven days
-- after it. Rejected: what was owed on that day is never sent, later stages come as usual. No row: nothing is held.
CREATE OR REPLACE FUNCTION held_decide(p_day date, p_decision text, p_by text)
RETURNS SETOF held_day LANGUAGE plpgsql AS $$
DECLARE
    newest held_day;
    decided held_day;
BEGIN
    SELECT * INTO newest FROM held_day h WHERE h.decision IS NULL ORDER BY h.day DESC LIMIT 1;
    IF p_day > newest.day AND p_day <= newest.day + 7 THEN
        INSERT INTO held_day (day, reminders, people, usual, most)
        VALUES (p_day, newest.reminders, newest.people, newest.usual, newest.most) ON CONFLICT (day) DO NOTHING;
    END IF;
    UPDATE held_day h SET decision = p_decision, decided_at = clock_timestamp(), decided_by = p_by
    WHERE h.day = coalesce(p_day, newest.day) AND h.decision IS NULL RETURNING * INTO decided;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO change (actor, verb, resource, resource_id, after)
    VALUES (p_by, 'updated', 'held_day', to_char(decided.day, 'YYYYMMDD')::bigint, to_jsonb(decided));
    RETURN NEXT decided;
END $$;
