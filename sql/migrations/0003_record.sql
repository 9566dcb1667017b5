-- Who may call, and the append-only record of every write.

-- In order of power: comparisons of roles rely on it.
CREATE TYPE key_role AS ENUM ('reader', 'editor', 'admin');

CREATE TABLE api_key (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         one_line NOT NULL,
    -- SHA-256 of the whole token; the token itself is never stored.
    digest       bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    -- The first characters, for people to tell keys apart.
    prefix       text NOT NULL,
    role         key_role NOT NULL,
    -- NULL = every plan.
    plan_ids     bigint[] CHECK (plan_ids IS NULL OR array_position(plan_ids, NULL) IS NULL),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    version      bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE change (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at          timestamptz NOT NULL DEFAULT now(),
    actor       text NOT NULL,
    key_id      bigint,
    request_id  text,
    verb        text NOT NULL CHECK (verb IN ('created', 'updated', 'deleted')),
    resource    text NOT NULL,
    resource_id bigint NOT NULL,
    plan_id     bigint,
    before      jsonb,
    after       jsonb,
    CONSTRAINT change_has_content CHECK (num_nonnulls(before, after) > 0)
);
CREATE INDEX change_of_resource ON change (resource, resource_id, id);
