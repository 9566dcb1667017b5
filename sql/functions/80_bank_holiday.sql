-- Bank holidays: the published ones as data, the standing rules for the years beyond. Applied again
-- after every migration, so that a release brings newly published days.

-- Easter Sunday (the anonymous Gregorian algorithm, Meeus, "Astronomical Algorithms", chapter 8).
CREATE OR REPLACE FUNCTION easter(p_year integer)
RETURNS date LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    a integer := p_year % 19;
    b integer := p_year / 100;
    c integer := p_year % 100;
    h integer := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    l integer := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    m integer := (a + 11 * h + 22 * l) / 451;
BEGIN
    RETURN make_date(p_year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
END $$;

-- The nth (1 = first) or last (-1) Monday of a month.
CREATE OR REPLACE FUNCTION monday_of(p_year integer, p_month integer, p_nth integer)
RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_nth > 0
        THEN make_date(p_year, p_month, 1)
             + (8 - extract(isodow FROM make_date(p_year, p_month, 1))::integer) % 7 + 7 * (p_nth - 1)
        ELSE last_day - (extract(isodow FROM last_day)::integer - 1)
    END
    FROM (SELECT (make_date(p_year, p_month, 1) + interval '1 month - 1 day')::date AS last_day) m;
$$;

-- The bank holidays that the standing rules give a division in a year, substitutes included: what
-- is used beyond the published years. Proclaimed days cannot be known in advance.
CREATE OR REPLACE FUNCTION bank_holiday_rules(p_division division, p_year integer)
RETURNS TABLE (day date, title text) LANGUAGE sql IMMUTABLE AS $$
    WITH fixed (day, title, divisions, pair) AS (VALUES
        (make_date(p_year, 1, 1), 'New Year’s Day', '{england-and-wales,northern-ireland}'::division[], false),
        (make_date(p_year, 1, 1), 'New Year’s Day', '{scotland}'::division[], true),
        (make_date(p_year, 1, 2), '2nd January', '{scotland}'::division[], false),
        (make_date(p_year, 3, 17), 'St Patrick’s Day', '{northern-ireland}'::division[], false),
        (make_date(p_year, 7, 12), 'Battle of the Boyne (Orangemen’s Day)', '{northern-ireland}'::division[], false),
        (make_date(p_year, 11, 30), 'St Andrew’s Day', '{scotland}'::division[], false),
        (make_date(p_year, 12, 25), 'Christmas Day', '{england-and-wales,scotland,northern-ireland}'::division[], true),
        (make_date(p_year, 12, 26), 'Boxing Day', '{england-and-wales,scotland,northern-ireland}'::division[], false)
    ), moving (day, title, divisions) AS (VALUES
        (easter(p_year) - 2, 'Good Friday', '{england-and-wales,scotland,northern-ireland}'::division[]),
        (easter(p_year) + 1, 'Easter Monday', '{england-and-wales,northern-ireland}'::division[]),
        (monday_of(p_year, 5, 1), 'Early May bank holiday', '{england-and-wales,scotland,northern-ireland}'::division[]),
        (monday_of(p_year, 5, -1), 'Spring bank holiday', '{england-and-wales,scotland,northern-ireland}'::division[]),
        (monday_of(p_year, 8, 1), 'Summer bank holiday', '{scotland}'::division[]),
        (monday_of(p_year, 8, -1), 'Summer bank holiday', '{england-and-wales,northern-ireland}'::division[])
    )
    -- A weekend day is replaced by the next free weekday; the first of a pair of holidays steps
    -- over the second one.
    SELECT f.day + CASE extract(isodow FROM f.day)
                       WHEN 6 THEN CASE WHEN f.pair THEN 3 ELSE 2 END
                       WHEN 7 THEN CASE WHEN f.pair THEN 2 ELSE 1 END
                       ELSE 0 END,
           f.title
    FROM fixed f WHERE p_division = ANY (f.divisions)
    UNION ALL
    SELECT m.day, m.title FROM moving m WHERE p_division = ANY (m.divisions);
$$;

-- As published at gov.uk/bank-holidays. E = England and Wales, S = Scotland, N = Northern Ireland.
CREATE OR REPLACE FUNCTION bank_holiday_published()
RETURNS TABLE (division division, day date, title text) LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE d WHEN 'E' THEN 'england-and-wales' WHEN 'S' THEN 'scotland' ELSE 'northern-ireland' END::division,
           h.day::date, h.title
    FROM (VALUES
        ('2019-01-01', 'ESN', 'New Year’s Day'),
        ('2019-01-02', 'S', '2nd January'),
        ('2019-03-18', 'N', 'St Patrick’s Day'),
        ('2019-04-19', 'ESN', 'Good Friday'),
        ('2019-04-22', 'EN', 'Easter Monday'),
        ('2019-05-06', 'ESN', 'Early May bank holiday'),
        ('2019-05-27', 'ESN', 'Spring bank holiday'),
        ('2019-07-12', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2019-08-05', 'S', 'Summer bank holiday'),
        ('2019-08-26', 'EN', 'Summer bank holiday'),
        ('2019-12-02', 'S', 'St Andrew’s Day'),
        ('2019-12-25', 'ESN', 'Christmas Day'),
        ('2019-12-26', 'ESN', 'Boxing Day'),
        ('2020-01-01', 'ESN', 'New Year’s Day'),
        ('2020-01-02', 'S', '2nd January'),
        ('2020-03-17', 'N', 'St Patrick’s Day'),
        ('2020-04-10', 'ESN', 'Good Friday'),
        ('2020-04-13', 'EN', 'Easter Monday'),
        ('2020-05-08', 'ESN', 'Early May bank holiday (VE day)'),
        ('2020-05-25', 'ESN', 'Spring bank holiday'),
        ('2020-07-13', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2020-08-03', 'S', 'Summer bank holiday'),
        ('2020-08-31', 'EN', 'Summer bank holiday'),
        ('2020-11-30', 'S', 'St Andrew’s Day'),
        ('2020-12-25', 'ESN', 'Christmas Day'),
        ('2020-12-28', 'ESN', 'Boxing Day'),
        ('2021-01-01', 'ESN', 'New Year’s Day'),
        ('2021-01-04', 'S', '2nd January'),
        ('2021-03-17', 'N', 'St Patrick’s Day'),
        ('2021-04-02', 'ESN', 'Good Friday'),
        ('2021-04-05', 'EN', 'Easter Monday'),
        ('2021-05-03', 'ESN', 'Early May bank holiday'),
        ('2021-05-31', 'ESN', 'Spring bank holiday'),
        ('2021-07-12', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2021-08-02', 'S', 'Summer bank holiday'),
        ('2021-08-30', 'EN', 'Summer bank holiday'),
        ('2021-11-30', 'S', 'St Andrew’s Day'),
        ('2021-12-27', 'ESN', 'Boxing Day'),
        ('2021-12-28', 'ESN', 'Christmas Day'),
        ('2022-01-03', 'S', '2nd January'),
        ('2022-01-03', 'EN', 'New Year’s Day'),
        ('2022-01-04', 'S', 'New Year’s Day'),
        ('2022-03-17', 'N', 'St Patrick’s Day'),
        ('2022-04-15', 'ESN', 'Good Friday'),
        ('2022-04-18', 'EN', 'Easter Monday'),
        ('2022-05-02', 'ESN', 'Early May bank holiday'),
        ('2022-06-02', 'ESN', 'Spring bank holiday'),
        ('2022-06-03', 'ESN', 'Platinum Jubilee bank holiday'),
        ('2022-07-12', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2022-08-01', 'S', 'Summer bank holiday'),
        ('2022-08-29', 'EN', 'Summer bank holiday'),
        ('2022-09-19', 'ESN', 'Bank Holiday for the State Funeral of Queen Elizabeth II'),
        ('2022-11-30', 'S', 'St Andrew’s Day'),
        ('2022-12-26', 'ESN', 'Boxing Day'),
        ('2022-12-27', 'ESN', 'Christmas Day'),
        ('2023-01-02', 'S', '2nd January'),
        ('2023-01-02', 'EN', 'New Year’s Day'),
        ('2023-01-03', 'S', 'New Year’s Day'),
        ('2023-03-17', 'N', 'St Patrick’s Day'),
        ('2023-04-07', 'ESN', 'Good Friday'),
        ('2023-04-10', 'EN', 'Easter Monday'),
        ('2023-05-01', 'ESN', 'Early May bank holiday'),
        ('2023-05-08', 'ESN', 'Bank holiday for the coronation of King Charles III'),
        ('2023-05-29', 'ESN', 'Spring bank holiday'),
        ('2023-07-12', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2023-08-07', 'S', 'Summer bank holiday'),
        ('2023-08-28', 'EN', 'Summer bank holiday'),
        ('2023-11-30', 'S', 'St Andrew’s Day'),
        ('2023-12-25', 'ESN', 'Christmas Day'),
        ('2023-12-26', 'ESN', 'Boxing Day'),
        ('2024-01-01', 'ESN', 'New Year’s Day'),
        ('2024-01-02', 'S', '2nd January'),
        ('2024-03-18', 'N', 'St Patrick’s Day'),
        ('2024-03-29', 'ESN', 'Good Friday'),
        ('2024-04-01', 'EN', 'Easter Monday'),
        ('2024-05-06', 'ESN', 'Early May bank holiday'),
        ('2024-05-27', 'ESN', 'Spring bank holiday'),
        ('2024-07-12', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2024-08-05', 'S', 'Summer bank holiday'),
        ('2024-08-26', 'EN', 'Summer bank holiday'),
        ('2024-12-02', 'S', 'St Andrew’s Day'),
        ('2024-12-25', 'ESN', 'Christmas Day'),
        ('2024-12-26', 'ESN', 'Boxing Day'),
        ('2025-01-01', 'ESN', 'New Year’s Day'),
        ('2025-01-02', 'S', '2nd January'),
        ('2025-03-17', 'N', 'St Patrick’s Day'),
        ('2025-04-18', 'ESN', 'Good Friday'),
        ('2025-04-21', 'EN', 'Easter Monday'),
        ('2025-05-05', 'ESN', 'Early May bank holiday'),
        ('2025-05-26', 'ESN', 'Spring bank holiday'),
        ('2025-07-14', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2025-08-04', 'S', 'Summer bank holiday'),
        ('2025-08-25', 'EN', 'Summer bank holiday'),
        ('2025-12-01', 'S', 'St Andrew’s Day'),
        ('2025-12-25', 'ESN', 'Christmas Day'),
        ('2025-12-26', 'ESN', 'Boxing Day'),
        ('2026-01-01', 'ESN', 'New Year’s Day'),
        ('2026-01-02', 'S', '2nd January'),
        ('2026-03-17', 'N', 'St Patrick’s Day'),
        ('2026-04-03', 'ESN', 'Good Friday'),
        ('2026-04-06', 'EN', 'Easter Monday'),
        ('2026-05-04', 'ESN', 'Early May bank holiday'),
        ('2026-05-25', 'ESN', 'Spring bank holiday'),
        ('2026-06-15', 'S', 'Bank holiday for the World Cup'),
        ('2026-07-13', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2026-08-03', 'S', 'Summer bank holiday'),
        ('2026-08-31', 'EN', 'Summer bank holiday'),
        ('2026-11-30', 'S', 'St Andrew’s Day'),
        ('2026-12-25', 'ESN', 'Christmas Day'),
        ('2026-12-28', 'ESN', 'Boxing Day'),
        ('2027-01-01', 'ESN', 'New Year’s Day'),
        ('2027-01-04', 'S', '2nd January'),
        ('2027-03-17', 'N', 'St Patrick’s Day'),
        ('2027-03-26', 'ESN', 'Good Friday'),
        ('2027-03-29', 'EN', 'Easter Monday'),
        ('2027-05-03', 'ESN', 'Early May bank holiday'),
        ('2027-05-31', 'ESN', 'Spring bank holiday'),
        ('2027-07-12', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2027-08-02', 'S', 'Summer bank holiday'),
        ('2027-08-30', 'EN', 'Summer bank holiday'),
        ('2027-11-30', 'S', 'St Andrew’s Day'),
        ('2027-12-27', 'ESN', 'Boxing Day'),
        ('2027-12-28', 'ESN', 'Christmas Day'),
        ('2028-01-03', 'S', '2nd January'),
        ('2028-01-03', 'EN', 'New Year’s Day'),
        ('2028-01-04', 'S', 'New Year’s Day'),
        ('2028-03-17', 'N', 'St Patrick’s Day'),
        ('2028-04-14', 'ESN', 'Good Friday'),
        ('2028-04-17', 'EN', 'Easter Monday'),
        ('2028-05-01', 'ESN', 'Early May bank holiday'),
        ('2028-05-29', 'ESN', 'Spring bank holiday'),
        ('2028-07-12', 'N', 'Battle of the Boyne (Orangemen’s Day)'),
        ('2028-08-07', 'S', 'Summer bank holiday'),
        ('2028-08-28', 'EN', 'Summer bank holiday'),
        ('2028-11-30', 'S', 'St Andrew’s Day'),
        ('2028-12-25', 'ESN', 'Christmas Day'),
        ('2028-12-26', 'ESN', 'Boxing Day')
    ) h (day, divisions, title), regexp_split_to_table(h.divisions, '') d;
$$;

-- A year is the government's as soon as it published one day of it; until then the rules'.
DELETE FROM bank_holiday
WHERE source = 'rule'
  AND extract(year FROM day) IN (SELECT DISTINCT extract(year FROM p.day) FROM bank_holiday_published() p);
INSERT INTO bank_holiday (division, day, title, source)
SELECT division, day, title, 'published' FROM bank_holiday_published()
ON CONFLICT (division, day) DO UPDATE SET title = excluded.title, source = excluded.source
    WHERE (bank_holiday.title, bank_holiday.source) IS DISTINCT FROM (excluded.title, excluded.source);
INSERT INTO bank_holiday (division, day, title, source)
SELECT d, r.day, r.title, 'rule'
FROM unnest(enum_range(NULL::division)) d,
     generate_series((SELECT max(extract(year FROM day))::integer + 1 FROM bank_holiday_published()), 2100) y,
     bank_holiday_rules(d, y) r
ON CONFLICT (division, day) DO NOTHING;
