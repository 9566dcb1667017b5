#!/usr/bin/env bash
# Shell scripts by shellcheck, YAML by yamllint.
set -euo pipefail
# shellcheck source=tests/lint/files.sh
. "$(dirname "$0")/files.sh"
need shellcheck shellcheck
need yamllint yamllint

mapfile -t scripts < <({
	own_files '*.sh'
	own_files 'deploy/*' 'examples/*' 'tests/run' '.ci/*' | while IFS= read -r file; do
		head -n 1 "$file" | tr -d '\0' | grep -qE '^#!.*\b(ba|da)?sh$' && printf '%s\n' "$file"
	done
} | sort -u)
mapfile -t documents < <(own_files '*.yaml' '*.yml' '.yamllint')
[ "${#scripts[@]}" -gt 0 ] || { echo "no scripts found" >&2; exit 1; }
shellcheck --external-sources "${scripts[@]}"
[ "${#documents[@]}" -eq 0 ] || yamllint --strict --config-file .yamllint "${documents[@]}"
echo "${#scripts[@]} scripts and ${#documents[@]} YAML files are fine"
