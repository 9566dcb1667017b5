#!/usr/bin/env bash
# Golden Thread from the shell, with curl and jq:
#   golden-thread.sh overdue                         what is overdue, a line each
#   golden-thread.sh complete PLAN REFERENCE NOTE    report on an action and complete it (needs the role editor)
#   golden-thread.sh follow FILE [--once]            what changes from now on; FILE remembers the place
# GT_URL and GT_KEY say where and who.
set -euo pipefail
: "${GT_URL:?set GT_URL, such as https://plans.council.example}" "${GT_KEY:?set GT_KEY}"
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

# gt CURL_ARGUMENT...: the answer's body; its headers are in $headers. curl waits as Retry-After says and repeats after
# 429 and 503. What is refused is told, and gives 22. The key goes past the list of processes.
gt() {
	local body status=0
	body=$(curl -sS --fail-with-body --retry 5 --max-time 60 --dump-header "$headers" \
		--config <(printf 'header = "Authorization: Bearer %s"\n' "$GT_KEY") "$@") || status=$?
	if [ "$status" -ne 0 ]; then
		jq -r '"\(.status) \(.code): \(.detail)", (.errors // [] | .[] | "  \(.pointer): \(.detail)")' <<<"$body" >&2 || true
		return "$status"
	fi
	printf '%s\n' "$body"
}

# The value of a header of the last answer.
header() { sed -n "s/^$1: \(.*\)\r$/\1/Ip" "$headers" | tail -n 1; }

overdue() {
	local page cursor=
	while true; do
		page=$(gt --get "$GT_URL/v1/actions" -d standing=overdue -d limit=100 ${cursor:+-d cursor="$cursor"})
		jq -r '.items[] | [.plan, .reference, ([.deadlines[] | select(.done_on == null).due_on] | min),
			(.leads[0].name // "nobody"), .description] | @tsv' <<<"$page"
		cursor=$(jq -r '.next_cursor // empty' <<<"$page")
		[ -n "$cursor" ] || return 0
	done
}

# find_action PLAN REFERENCE: its id.
find_action() {
	local page id cursor=
	while true; do
		page=$(gt --get "$GT_URL/v1/actions" -d plan="$1" -d limit=100 ${cursor:+-d cursor="$cursor"})
		id=$(jq -r --arg reference "$2" '.items[] | select(.reference == $reference).id' <<<"$page")
		[ -z "$id" ] || { echo "$id"; return 0; }
		cursor=$(jq -r '.next_cursor // empty' <<<"$page")
		[ -n "$cursor" ] || { echo "$1 has no action $2" >&2; return 1; }
	done
}

complete() {
	local id tag status
	id=$(find_action "$1" "$2")
	# One key for this report: however often curl repeats the call, there is one update.
	gt "$GT_URL/v1/actions/$id/updates" -H "Idempotency-Key: \"$(cat /proc/sys/kernel/random/uuid)\"" \
		-H 'Content-Type: application/json' -d "$(jq -n --arg note "$3" '{note: $note, percent: 100}')" >/dev/null
	for _ in 1 2 3 4 5; do
		gt "$GT_URL/v1/actions/$id" >/dev/null
		tag=$(header ETag)
		status=0
		gt -X PATCH "$GT_URL/v1/actions/$id" -H "If-Match: $tag" -H 'Content-Type: application/merge-patch+json' \
			-d '{"status": "complete"}' >"$headers.body" || status=$?
		[ "$status" -ne 0 ] || { jq -r '"\(.reference) is complete since \(.completed_on)"' "$headers.body"; break; }
		# 412: somebody was faster. Read it again, and go on if it still makes sense.
		grep -q '^HTTP/[0-9.]* 412' "$headers" || break
	done
	rm -f "$headers.body"
	return "$status"
}

follow() {
	local file=$1 page place
	[ -s "$file" ] || gt --get "$GT_URL/v1/changes" -d after=latest | jq -r .next_after >"$file"
	while true; do
		place=$(cat "$file")
		page=$(gt --get "$GT_URL/v1/changes" -d limit=100 --data-urlencode after="$place")
		jq -r '.items[] | [.at, .actor, .verb, .resource, .resource_id, .plan // "-"] | @tsv' <<<"$page"
		# Only what has been dealt with is behind the place.
		jq -r .next_after <<<"$page" >"$file.new" && mv "$file.new" "$file"
		[ "$(jq -r .next_cursor <<<"$page")" = null ] || continue
		[ "${2:-}" != --once ] || return 0
		sleep 10
	done
}

case "${1:-}/$#" in
overdue/1 | complete/4 | follow/[23]) "$@" ;;
*)
	sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
