-- Working days: Monday to Friday less the division's bank holidays less the council's closures.

CREATE OR REPLACE FUNCTION is_working_day(p_division division, p_day date)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT extract(isodow FROM p_day) < 6
       AND NOT EXISTS (SELECT FROM bank_holiday b WHERE b.division = p_division AND b.day = p_day)
       AND NOT EXISTS (SELECT FROM closure c WHERE c.day = p_day);
$$;

-- The working day on or before (step -1) or on or after (step +1) the given day. Gives up after
-- 60 days of closure and returns the day it was asked about: late is better than never.
CREATE OR REPLACE FUNCTION working_day(p_division division, p_day date, p_step integer)
RETURNS date LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    FOR i IN 0..60 LOOP
        IF is_working_day(p_division, p_day + i * p_step) THEN
            RETURN p_day + i * p_step;
        END IF;
    END LOOP;
    RETURN p_day;
END $$;

-- The day on which a stage falls: moved earlier when it warns of a deadline, later when overdue.
CREATE OR REPLACE FUNCTION stage_day(p_division division, p_due_on date, p_offset_days integer)
RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT working_day(p_division, p_due_on + p_offset_days, CASE WHEN p_offset_days > 0 THEN 1 ELSE -1 END);
$$;

-- A stage's name: its offset with a sign, "-28", "0", "+8".
CREATE OR REPLACE FUNCTION stage_name(p_offset_days integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_offset_days > 0 THEN '+' ELSE '' END || p_offset_days;
$$;
