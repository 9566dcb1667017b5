#!/usr/bin/env bash
# Is every C file formatted as .clang-format says? With --fix: make it so.
set -euo pipefail
# shellcheck source=tests/lint/files.sh
. "$(dirname "$0")/files.sh"
need clang-format-14 clang-format-14

mapfile -t files < <(own_files '*.c' '*.h')
[ "${#files[@]}" -gt 0 ] || { echo "no C files found" >&2; exit 1; }
if [ "${1:-}" = --fix ]; then
	exec clang-format-14 -i "${files[@]}"
fi
clang-format-14 --dry-run -Werror "${files[@]}" || {
	echo "Not formatted: run  cmake --build --preset dev --target format" >&2
	exit 1
}
echo "${#files[@]} files are formatted"
