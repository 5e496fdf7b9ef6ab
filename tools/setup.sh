#!/bin/sh
# Installs the Debian packages that are missing for the purposes named, and
# for tests the npm packages that tests/*/package-lock.json pins, beside it.
# usage: setup.sh PURPOSE...
#
# As root or with a sudo that asks nothing it installs; otherwise it prints
# the one command that would and exits 1.  Where nothing is missing it touches
# neither apt nor the network.
set -eu
cd "$(dirname "$0")/.."

packages() {
	case $1 in
	build)
		echo meson ninja-build pkg-config gcc libc6-dev python3
		echo libexpat1-dev zlib1g-dev libzstd-dev nettle-dev
		echo libmicrohttpd-dev libcurl4-gnutls-dev libutf8proc-dev
		echo libsqlite3-dev
		;;
	run)
		echo ca-certificates
		;;
	old-registry)
		echo ipv6toolkit
		;;
	test)
		echo libcmocka-dev clang libclang-rt-14-dev llvm binutils
		echo netbase mandoc tidy libxml2-utils zstd curl git
		echo xsltproc w3c-sgml-lib elinks python3-jsonschema
		echo nftables avahi-utils gdbmtool g++ nmap tshark chromium
		echo nginx-light valgrind strace abigail-tools zsh fish
		# Any other node does as well as Debian's.
		command -v node >/dev/null && command -v npm >/dev/null ||
		    echo nodejs npm
		packages old-registry
		;;
	deb)
		echo debhelper dpkg-dev git lintian
		;;
	packages)
		echo debootstrap
		;;
	bench)
		echo gperf libcdb-dev libsqlite3-dev nginx-light mawk
		;;
	*)
		echo "setup.sh: no packages are listed for $1" >&2
		exit 2
		;;
	esac
}

# What is there came from the same lockfile, or is made anew.
npm_packages() {
	for lock in tests/*/package-lock.json; do
		dir=${lock%/*}
		cmp -s "$lock" "$dir/node_modules/.from.json" && continue
		echo "Installing the npm packages of $dir" >&2
		if ! (cd "$dir" && npm ci --ignore-scripts --no-audit \
		    --no-fund) >&2; then
			echo "Not all npm packages of $dir could be installed" >&2
			exit 1
		fi
		cp "$lock" "$dir/node_modules/.from.json"
	done
}

# finish - what comes behind the Debian packages
finish() {
	case " $purposes " in
	*" test "*) npm_packages ;;
	esac
	exit 0
}

purposes=$*
wanted=
for purpose; do
	wanted="$wanted $(packages "$purpose")"
done

if ! command -v dpkg-query >/dev/null; then
	# shellcheck disable=SC2086
	echo "This is no Debian system; on one, these would be needed:" \
	    $wanted >&2
	exit 0
fi

# shellcheck disable=SC2016,SC2086
present=" $(dpkg-query -W -f '${db:Status-Status}:${Package}\n' $wanted \
    2>/dev/null | sed -n 's/^installed://p' | tr '\n' ' ') "
missing=
for package in $wanted; do
	case "$present$missing " in
	*" $package "*) ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || finish

if [ "$(id -u)" -eq 0 ]; then
	as_root=
elif sudo -n true 2>/dev/null; then
	as_root="sudo -n"
else
	echo "Some packages are missing.  As root, run:" >&2
	echo "apt-get install -y --no-install-recommends$missing" >&2
	exit 1
fi
echo "Installing$missing" >&2
# shellcheck disable=SC2086
if ! { $as_root apt-get update -q &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $missing; } >&2; then
	echo "Not everything could be installed:$missing" >&2
	exit 1
fi
finish
