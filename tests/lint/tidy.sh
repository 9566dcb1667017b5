#!/usr/bin/env bash
# clang-tidy over the programs' own sources, as .clang-tidy says: tidy.sh BUILD_DIR
set -euo pipefail
build=$(cd "${1:?usage: tidy.sh BUILD_DIR}" && pwd)
# shellcheck source=tests/lint/files.sh
. "$(dirname "$0")/files.sh"
need clang-tidy-14 clang-tidy-14
[ -f "$build/compile_commands.json" ] || { echo "$build is not configured" >&2; exit 1; }

# Generated sources are the generator's business.
mapfile -t files < <(comm -12 \
	<(own_files 'common/*.c' 'api/*.c' 'notifier/*.c' | sort) \
	<(sed -n "s|^ *\"file\": \"$root/\(.*\)\",\{0,1\}\$|\1|p" "$build/compile_commands.json" | sort -u))
[ "${#files[@]}" -gt 0 ] || { echo "nothing of this tree is in $build/compile_commands.json" >&2; exit 1; }

# The database is gcc's: clang does not know all of its warnings. Two jobs; xargs gives 123 when
# one fails; nice, for the tests that run beside it. What clang-tidy counts away ("N warnings generated") is no news.
printf '%s\0' "${files[@]}" | xargs -0 -P 2 -n 1 nice clang-tidy-14 -p "$build" --quiet \
	--extra-arg=-Wno-unknown-warning-option 2> >(grep -vE '^[0-9]+ warnings? generated\.$|^Suppressed |^Use -header-filter' >&2) || {
	echo "clang-tidy found something; where a rule is wrong here, .clang-tidy says why it is off" >&2
	exit 1
}
echo "${#files[@]} files are tidy"
