# shellcheck shell=bash
# The tree's own files, for the other scripts here: what git tracks, or everything in an unpacked archive.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit 1

# own_files [PATTERN ...]: existing files, one a line. Patterns are git's: '*.c', 'api/*.h'.
own_files() {
	if git -c safe.directory="$root" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git -c safe.directory="$root" ls-files --deduplicate -- "$@"
	else
		local pattern
		for pattern in "$@"; do
			find . \( -path ./build -o -path ./.run -o -path '*/node_modules' \) -prune -o \
				-path "./${pattern/#\*/*}" -type f -print
		done | sed 's|^\./||' | sort -u
	fi | while IFS= read -r file; do
		[ -f "$file" ] && printf '%s\n' "$file"
	done
	return 0
}

# need PROGRAM PACKAGE: a missing tool is a failure, never a silent pass.
need() {
	command -v "$1" >/dev/null && return
	echo "$1 is missing: install the Debian package $2 (tests/run does)" >&2
	exit 1
}
