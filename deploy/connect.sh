# shellcheck shell=bash disable=SC2034 # the names are for those who source this
# For deploy/backup and deploy/restore: where the database is, without its password on any command line.

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# connect: sets "database" from GT_DATABASE_URL, or from the file that GT_DATABASE_URL_FILE names.
connect() {
	local url=${GT_DATABASE_URL:-} password
	if [ -z "$url" ] && [ -n "${GT_DATABASE_URL_FILE:-}" ]; then
		IFS= read -r url <"$GT_DATABASE_URL_FILE" || [ -n "$url" ] || die "$GT_DATABASE_URL_FILE cannot be read"
	fi
	[ -n "$url" ] || die "GT_DATABASE_URL is required, with the login gt_migrate"
	[[ ! $url =~ [?\&]password= ]] || die "the password belongs before the host, postgresql://user:password@host/…"
	if [[ $url =~ ^(postgres(ql)?://[^:/@]*):([^@/]*)@(.*)$ ]]; then
		password=${BASH_REMATCH[3]//\\/\\\\}
		printf -v password '%b' "${password//%/\\x}"
		export PGPASSWORD=$password
		url=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
	fi
	[[ $url =~ ^postgres(ql)?:// ]] || die "GT_DATABASE_URL must begin with postgresql://"
	database=$url
}

# The tables of ours, as rows "name|count".
count_rows="SELECT format('SELECT %L, count(*) FROM %I.%I', schemaname || '.' || tablename, schemaname, tablename)
FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1 \\gexec"
