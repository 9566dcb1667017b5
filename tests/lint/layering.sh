#!/usr/bin/env bash
# Who may include whom, one owner a library, sizes, and other rules of CONTRIBUTING.md that a grep can hold.
set -euo pipefail
# shellcheck source=tests/lint/files.sh
. "$(dirname "$0")/files.sh"
faults=0

# rule SENTENCE: what comes on standard input breaks it, a line each.
rule() {
	local found
	found=$(cat)
	[ -n "$found" ] || return 0
	printf '%s\n' "$1" >&2
	printf '%s\n\n' "$found" | sed 's/^/    /' >&2
	faults=$((faults + 1))
}

# search REGEX FILE...: file:line:text of every match; no match is no error.
search() {
	local regex=$1
	shift
	[ $# -eq 0 ] || grep -nHE "$regex" "$@" || [ $? -eq 1 ]
}

# except FILE_REGEX: drops the lines of files that may.
except() {
	grep -vE "^($1):" || [ $? -eq 1 ]
}

mapfile -t common < <(own_files 'common/*.[ch]')
mapfile -t api < <(own_files 'api/*.[ch]')
mapfile -t notifier < <(own_files 'notifier/*.[ch]')
mapfile -t resources < <(own_files 'api/resources/*.[ch]')
mapfile -t sources < <(own_files '*.c' '*.h')
mapfile -t headers < <(own_files '*.h')
mapfile -t programs < <(own_files 'common/*.[ch]' 'api/*.[ch]' 'notifier/*.[ch]')
mapfile -t queries < <(own_files 'sql/queries/*.sql')
mapfile -t code < <(own_files 'common/*' 'api/*' 'notifier/*' 'sql/*' 'tests/*' | grep -E '\.(c|h|sql|py|sh|cmake|txt)$' |
	grep -vE '^tests/(data|fuzz/corpus)/')
for list in common api notifier queries; do
	declare -n members=$list
	[ "${#members[@]}" -gt 0 ] || rule "There is nothing of $list to look at" <<<"no files"
done

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'
own_include() { # PREFIX_REGEX FILE...: quoted includes of that part of the tree
	local prefix=$1
	shift
	search "${include}[\"<]$prefix" "$@"
}

rule "common/ knows neither program" < <(
	own_include '(api|notifier)/|(api_queries|schema_files|openapi_json|docs_files|notifier_queries|template_files)\.h' "${common[@]}")
rule "api/ and notifier/ meet only in PostgreSQL" < <(
	own_include 'notifier/|(notifier_queries|template_files)\.h' "${api[@]}"
	own_include 'api/|(api_queries|schema_files|openapi_json|docs_files)\.h' "${notifier[@]}")
rule "Resources never include each other" < <(
	[ "${#resources[@]}" -eq 0 ] || own_include 'api/resources/' "${resources[@]}")
rule "ulfius.h belongs to api/server.c" < <(
	search "${include}[\"<]ulfius" "${sources[@]}" | except 'api/server\.c')
rule "libpq-fe.h belongs to common/db_connection.h" < <(
	search "${include}[\"<](libpq|postgresql/|libpq-)" "${sources[@]}" | except 'common/db_connection\.h')
rule "common/db_connection.h belongs to the files of common/db.h" < <(
	own_include 'common/db_connection' "${sources[@]}" | except 'common/db(_connect|_exchange|_rows)?\.c')
rule "curl/curl.h belongs to the notifier's transports, and to what they are measured against" < <(
	search "${include}[\"<]curl/" "${sources[@]}" | except 'notifier/transport[a-z_]*\.[ch]|tests/bench/hook_source\.c')
rule "Libraries for documents belong to the module that api/office.h loads: office_sources of CMakeLists.txt" < <(
	search "${include}[\"<](libxml/|libical/|xlsxwriter|zip\.h)" "${programs[@]}" |
		except 'api/import/office_file\.c|api/export/export_(xlsx|calendar)\.c')
rule "Every answer is waited for with a limit: PQexec and the like are not used, PQsend is in common/db_exchange.c" < <(
	search 'PQ(exec|prepare)[A-Za-z]*[[:space:]]*\(' "${sources[@]}"
	search 'PQsend[A-Za-z]*[[:space:]]*\(' "${sources[@]}" | except 'common/db_exchange\.c')
rule "Includes are written from the root" < <(
	search "${include}\"[^/\"]+\"" "${sources[@]}" |
		grep -vE '"(api_queries|notifier_queries|schema_files|openapi_json|docs_files|template_files)\.h"' || [ $? -eq 1 ])
rule "Headers guard themselves with #pragma once" < <(
	grep -LE '^#pragma once$' "${headers[@]}" || true)
rule "Structs are not typedef'd" < <(
	search '^[[:space:]]*typedef[[:space:]]+(struct|union|enum)\b[^(]*$' "${programs[@]}")
rule "Handlers own no memory but the arena's" < <(
	[ "${#resources[@]}" -eq 0 ] || search '\b(free|malloc|calloc|realloc|strdup)[[:space:]]*\(' "${resources[@]}")
rule "Each C file opens with a comment on its job" < <(
	for file in "${sources[@]}"; do
		head -n 1 "$file" | grep -qE '^(/\*|//)[[:space:]]*[^[:space:]*]' || echo "$file"
	done)
rule "Each SQL file opens with a comment on its job" < <(
	for file in $(own_files 'sql/migrations/*.sql' 'sql/functions/*.sql' 'sql/grants.sql' 'deploy/*.sql'); do
		head -n 1 "$file" | grep -qE '^-- [^[:space:]]' || echo "$file"
	done)
rule "A file has 500 lines at the most" < <(
	[ "${#code[@]}" -eq 0 ] || wc -l "${code[@]}" | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }')
rule "Each code of an error is in the catalogue, and given by something" < <(
	/usr/bin/python3 tests/lint/codes.py || true)
# Comments, quoted text and names are taken out first; then a semicolon is the end of a statement.
rule "A file of sql/queries holds exactly one statement" < <(
	/usr/bin/python3 - "${queries[@]}" <<'EOF'
import re
import sys

QUOTED = re.compile(r"""--[^\n]*|/\*.*?\*/|\$([a-z_]*)\$.*?\$\1\$|[eE]'(?:\\.|[^'])*'|'[^']*'|"[^"]*\"""", re.S)
for path in sys.argv[1:]:
    bare = QUOTED.sub(" ", open(path, encoding="utf-8").read())
    statements = [one for one in bare.split(";") if one.strip()]
    if len(statements) != 1:
        print(f"{path}: {len(statements)} statements")
EOF
)

[ "$faults" -eq 0 ] || { echo "$faults rules are broken" >&2; exit 1; }
echo "${#sources[@]} C files, ${#queries[@]} queries: the layers hold"
