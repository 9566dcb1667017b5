-- The database roles, made once by a superuser (or a managed service's administrator).
-- gt_owner owns everything and cannot log in; the three logins get only what grants.sql gives.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['gt_owner', 'gt_migrate', 'gt_api', 'gt_notifier'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I', name);
        END IF;
    END LOOP;
END $$;
ALTER ROLE gt_owner NOLOGIN;
ALTER ROLE gt_migrate LOGIN;
ALTER ROLE gt_api LOGIN;
ALTER ROLE gt_notifier LOGIN;
DO $$ BEGIN
    IF NOT pg_has_role('gt_migrate', 'gt_owner', 'member') THEN
        GRANT gt_owner TO gt_migrate;
    END IF;
END $$;
-- The data sits in memory or on solid disks: index look-ups are not 40 times dearer than scans.
ALTER ROLE gt_api SET random_page_cost = 1.1;
ALTER ROLE gt_notifier SET random_page_cost = 1.1;
