# shellcheck shell=bash disable=SC2034 # the lists are for those who source this
# Debian packages, for deploy/quickstart and tests/run: which ones, and installing what is missing
# without starting a service or asking a question.

# What building needs.
packages_build=(
	ca-certificates cmake gcc libc6-dev ninja-build pkg-config python3 python3-jinja2 python3-markdown python3-yaml
	libcurl4-gnutls-dev libgnutls28-dev libidn2-dev libjansson-dev libmicrohttpd-dev libpq-dev
	libulfius-dev zlib1g-dev
	libcsv-dev libical-dev libxlsxwriter-dev libxml2-dev libzip-dev)
# What running needs beside that.
packages_run=(curl postgresql)

# as_root COMMAND...
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -- "$@"
	else
		echo "This needs root, to install packages: run it as root or install sudo." >&2
		return 1
	fi
}

apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -y \
		-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null
}

# packages_missing PACKAGE...: those that are not installed, one a line.
packages_missing() {
	local name
	for name in "$@"; do
		[ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
	done
}

# Debian's postgresql makes and starts a cluster of its own when it is installed. Only private ones
# are wanted here, so that is switched off while we install (createcluster.conf(5)) and not longer.
without_debian_cluster() {
	local switch=/etc/postgresql-common/createcluster.d/golden-thread.conf status=0
	if [ -n "$(packages_missing postgresql-common)" ]; then
		apt_get install --no-install-recommends --no-remove postgresql-common || return
	fi
	as_root mkdir -p "${switch%/*}" || return
	echo 'create_main_cluster = false' | as_root tee "$switch" >/dev/null || return
	"$@" || status=$?
	as_root rm -f "$switch"
	return "$status"
}

# packages_install PACKAGE...: nothing is removed for them; what is there stays as it is.
packages_install() {
	local missing
	command -v apt-get >/dev/null || { echo "This needs Debian 12 or later (apt-get)." >&2; return 1; }
	mapfile -t missing < <(packages_missing "$@")
	[ "${#missing[@]}" -gt 0 ] || return 0
	echo "Installing ${#missing[@]} packages: ${missing[*]}"
	apt_get update || return
	case " ${missing[*]} " in
	*" postgresql "*) without_debian_cluster apt_get install --no-install-recommends --no-remove "${missing[@]}" ;;
	*) apt_get install --no-install-recommends --no-remove "${missing[@]}" ;;
	esac
}
