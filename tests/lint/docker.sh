#!/usr/bin/env bash
# Dockerfiles by dockerfilelint; its complaint of a missing tag is off, since it also makes it of scratch and of a file's own stages.
set -euo pipefail
# shellcheck source=tests/lint/files.sh
. "$(dirname "$0")/files.sh"
lint=tests/node_modules/.bin/dockerfilelint
[ -x "$lint" ] || { echo "dockerfilelint is missing: tests/run fetches it" >&2; exit 1; }

mapfile -t dockerfiles < <(own_files '*Dockerfile')
[ "${#dockerfiles[@]}" -gt 0 ] || { echo "no Dockerfiles found" >&2; exit 1; }
"$lint" --config tests/lint/dockerfilelint "${dockerfiles[@]}"
