#!/bin/sh
# SPDX-License-Identifier: ISC
# The units as systemd itself judges them.
set -u
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if ! command -v systemd-analyze >/dev/null; then
	echo "skipped: no systemd-analyze here"
	exit 77
fi
passed=0
failed=0

# check WHAT STATUS WORDS - counts one
check() {
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok $1"
	else
		failed=$((failed + 1))
		echo "not ok $1: $3"
	fi
}

for path in "$PORTBOOK_SOURCE"/packaging/systemd/portbook-*.*; do
	sed "s,@bindir@,$PORTBOOK_BUILD,; s,@libexecdir@,$PORTBOOK_BUILD," \
	    "$path" >"$tmp/${path##*/}"
done
for unit in portbook-update.timer portbook-server.socket; do
	service=${unit%.*}.service
	# The page of the manual is not installed where this runs.
	said=$(systemd-analyze verify --man=no "$tmp/$unit" "$tmp/$service" \
	    2>&1)
	check "verify $unit" $? "$said"
	check "$unit: nothing to say" \
	    "$(printf %s "$said" | grep -c "${unit%.*}")" "$said"
	said=$(systemd-analyze security --offline=true --threshold=15 \
	    "$tmp/$service" 2>&1)
	check "$service: exposure of at most 1.5" $? "$said"
done
said=$(systemd-analyze calendar \
    "$(sed -n 's/^OnCalendar=//p' "$tmp/portbook-update.timer")" 2>&1)
check "the calendar" $? "$said"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
