-- Events as a person reads them in a channel: a card for Microsoft Teams, blocks for Slack. Nobody's words are taken
-- for markup: Teams gets runs of text, Slack plain text.

CREATE OR REPLACE FUNCTION cut_to(p_text text, p_length integer)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(p_text) <= p_length THEN p_text ELSE left(p_text, p_length - 1) || '…' END;
$$;

CREATE OR REPLACE FUNCTION date_words(p_day date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_char(p_day, 'FMDD FMMonth YYYY');
$$;

-- What happened, in a few words; p_data is the event's.
CREATE OR REPLACE FUNCTION card_news(p_type event_type, p_data jsonb)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE p_type
        WHEN 'action.created' THEN 'new in the plan'
        WHEN 'action.updated' THEN 'changed'
        WHEN 'action.completed' THEN 'completed'
        WHEN 'action.due_soon' THEN CASE WHEN d.days = 1 THEN 'due tomorrow, ' ELSE 'due in ' || d.days || ' days, on ' END || d.due
        WHEN 'action.due_today' THEN 'due today, ' || d.due
        WHEN 'action.overdue' THEN 'was due on ' || d.due
        WHEN 'timescale.revised' THEN 'new timescale “' || cut_to(p_data->'timescale'->>'text', 60) || '”'
        WHEN 'plan.created' THEN 'a new plan'
        WHEN 'plan.updated' THEN 'its settings have changed'
        WHEN 'plan.activated' THEN 'in force from now on'
        WHEN 'plan.closed' THEN 'closed'
        ELSE 'a test' END
    FROM (SELECT (p_data->'deadline'->>'days_left')::integer AS days,
                 date_words((p_data->'deadline'->>'due_on')::date) AS due) d;
$$;

CREATE OR REPLACE FUNCTION card_facts(p_action bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(jsonb_build_array(f.name, cut_to(f.value, 300)) ORDER BY f.n) FILTER (WHERE f.value <> '')
    FROM action a JOIN plan p ON p.id = a.plan_id JOIN recommendation r ON r.id = a.recommendation_id
    CROSS JOIN LATERAL (SELECT string_agg(l.name, ', ' ORDER BY s.position, l.name) AS names
                        FROM assignment s JOIN lead l ON l.id = s.lead_id WHERE s.action_id = a.id AND s.role = 'lead') led
    LEFT JOIN timescale t ON t.action_id = a.id AND t.current
    CROSS JOIN LATERAL (VALUES
        (1, 'Plan', p.title), (2, 'Recommendation', r.number), (3, 'Led by', led.names),
        (4, 'Published timescale', '“' || t.text || '”'), (5, 'Due', date_words(t.due_on)),
        (6, 'Status', initcap(left(a.status::text, 1)) || replace(substr(a.status::text, 2), '_', ' ')
                      || coalesce(', ' || a.percent || '%', ''))) f (n, name, value)
    WHERE a.id = p_action;
$$;

-- {"headline", "words", "facts": [[name, value], …]} of an event.
CREATE OR REPLACE FUNCTION card_of(p_type event_type, p_action bigint, p_data jsonb)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'headline', cut_to(CASE
            WHEN p_action IS NOT NULL THEN 'Action ' || (p_data->>'reference')
            WHEN p_data ? 'title' THEN 'Plan “' || cut_to(p_data->>'title', 80) || '”'
            ELSE 'Golden Thread' END || ': ' || card_news(p_type, p_data), 150),
        'words', cut_to(CASE
            WHEN p_action IS NOT NULL THEN (SELECT a.description FROM action a WHERE a.id = p_action)
            WHEN p_data ? 'title' THEN p_data->>'organisation'
            ELSE 'This channel hears of action plans from now on.' END, 1500),
        'facts', coalesce(card_facts(p_action), '[]'));
$$;

-- https://adaptivecards.io/explorer, in the message that a Teams workflow takes.
CREATE OR REPLACE FUNCTION card_teams(p_card jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('type', 'message', 'attachments', jsonb_build_array(jsonb_build_object(
        'contentType', 'application/vnd.microsoft.card.adaptive', 'contentUrl', NULL,
        'content', jsonb_build_object(
            '$schema', 'http://adaptivecards.io/schemas/adaptive-card.json', 'type', 'AdaptiveCard', 'version', '1.4',
            'fallbackText', p_card->>'headline', 'msteams', jsonb_build_object('width', 'Full'),
            'body', jsonb_build_array(
                    card_run(jsonb_build_object('text', p_card->>'headline', 'weight', 'Bolder', 'size', 'Medium')),
                    card_run(jsonb_build_object('text', p_card->>'words')))
                || coalesce((SELECT jsonb_agg(card_run(jsonb_build_object('text', (f.pair->>0) || ': ', 'weight', 'Bolder'),
                                                       jsonb_build_object('text', f.pair->>1)) ORDER BY f.n)
                             FROM jsonb_array_elements(p_card->'facts') WITH ORDINALITY f (pair, n)), '[]')))));
$$;
CREATE OR REPLACE FUNCTION card_run(VARIADIC p_runs jsonb[])
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('type', 'RichTextBlock', 'inlines',
                              (SELECT jsonb_agg('{"type":"TextRun"}' || r.run ORDER BY r.n) FROM unnest(p_runs) WITH ORDINALITY r (run, n)));
$$;

-- https://docs.slack.dev/reference/block-kit: only the text beside the blocks, for notifications, is markup.
CREATE OR REPLACE FUNCTION card_slack(p_card jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object(
        'text', replace(replace(replace(p_card->>'headline', '&', '&amp;'), '<', '&lt;'), '>', '&gt;'),
        'blocks', jsonb_build_array(
                jsonb_build_object('type', 'header', 'text', card_plain(p_card->>'headline')),
                jsonb_build_object('type', 'section', 'text', card_plain(p_card->>'words')))
            || CASE WHEN p_card->'facts' = '[]' THEN '[]' ELSE jsonb_build_array(jsonb_build_object('type', 'section', 'fields',
                   (SELECT jsonb_agg(card_plain((f.pair->>0) || E'\n' || (f.pair->>1)) ORDER BY f.n)
                    FROM jsonb_array_elements(p_card->'facts') WITH ORDINALITY f (pair, n)))) END);
$$;
CREATE OR REPLACE FUNCTION card_plain(p_text text)
RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('type', 'plain_text', 'text', p_text, 'emoji', false);
$$;

-- What a delivery posts when it is not the event itself.
CREATE OR REPLACE FUNCTION delivery_body(p_format webhook_format, p_type event_type, p_action bigint, p_payload text)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE p_format
        WHEN 'teams' THEN card_teams(card_of(p_type, p_action, p_payload::jsonb->'data'))
        WHEN 'slack' THEN card_slack(card_of(p_type, p_action, p_payload::jsonb->'data')) END::text;
$$;

-- What a channel is for: events of a webhook that a person reads and that names none itself.
CREATE OR REPLACE FUNCTION channel_events(p_format webhook_format)
RETURNS event_type[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_format <> 'standard' THEN
        '{action.completed,action.due_soon,action.due_today,action.overdue,timescale.revised}'::event_type[] END;
$$;
