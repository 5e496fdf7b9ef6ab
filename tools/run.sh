#!/bin/sh
# make run: serves the site, after making sure that there is a registry.
#
#   SOURCE=FILE   serve this registry, of whatever date; it is kept in
#                 build/state, so that the usual state folder stays as it is
#   STATE=DIR     the state folder, instead of the usual one
#   LISTEN=ADDR:PORT
#
# Without SOURCE: what the state folder holds, else IANA's present version,
# else the old one in a Debian package.
set -eu
cd "$(dirname "$0")/.."
portbook=$PWD/build/portbook
old_csv=/usr/share/ipv6toolkit/service-names-port-numbers.csv
patience=45 # seconds for IANA

if [ ! -x "$portbook" ]; then
	echo "build/portbook is not built" >&2
	exit 1
fi

# with_state COMMAND [ARG...] - portbook on the state folder of our choice
with_state() {
	"$portbook" "$@" ${STATE:+--state "$STATE"}
}

from_iana() {
	timeout -k 5 $patience \
	    "$portbook" update ${STATE:+--state "$STATE"}
}

from_package() {
	tools/setup.sh old-registry || return 1
	with_state update --from "$old_csv"
}

if [ -n "${SOURCE:-}" ]; then
	# What another SOURCE left there may be newer than this one.
	if [ -z "${STATE:-}" ]; then
		STATE=$PWD/build/state
		rm -rf "$STATE"
	fi
	with_state update --force --from "$SOURCE"
	echo "Registry: $SOURCE"
elif with_state status >/dev/null 2>&1; then
	echo "Registry: what the state folder holds ('make run SOURCE=FILE'" \
	    "and 'build/portbook update' bring another)"
elif echo "Registry: none here yet; asking IANA" && from_iana; then
	echo "Registry: IANA's present version"
elif echo "Registry: IANA does not answer; taking the old one of July 2014" \
    "from Debian's package ipv6toolkit" && from_package; then
	echo "Registry: OLD, of July 2014 and without people;" \
	    "'build/portbook update' brings the present one"
else
	echo "There is no registry to serve.  Fetch the XML or CSV from" \
	    "https://www.iana.org/assignments/service-names-port-numbers" \
	    "and run 'make run SOURCE=FILE'." >&2
	exit 3
fi >&2

exec "$portbook" serve --listen "${LISTEN:-127.0.0.1:8080}" \
    ${STATE:+--state "$STATE"}
