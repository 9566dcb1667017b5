-- The owner of the database and the passwords of the logins, from files: what follows deploy/roles.sql on a first start.
\set password_migrate `cat /run/secrets/password_migrate`
\set password_api `cat /run/secrets/password_api`
\set password_notifier `cat /run/secrets/password_notifier`
SET log_statement = 'none';
ALTER ROLE gt_migrate PASSWORD :'password_migrate';
ALTER ROLE gt_api PASSWORD :'password_api';
ALTER ROLE gt_notifier PASSWORD :'password_notifier';
ALTER DATABASE goldenthread OWNER TO gt_owner;
