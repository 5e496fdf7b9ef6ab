#!/bin/sh
# SPDX-License-Identifier: ISC
# The units as systemd itself judges them.
set -u
unit=portbook-update
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if ! command -v systemd-analyze >/dev/null; then
	echo "skipped: no systemd-analyze here"
	exit 77
fi
sed "s,@bindir@,$PORTBOOK_BUILD," \
    "$PORTBOOK_SOURCE/packaging/systemd/$unit.service" >"$tmp/$unit.service"
cp "$PORTBOOK_SOURCE/packaging/systemd/$unit.timer" "$tmp/"
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

# The page of the manual is not installed where this runs.
said=$(systemd-analyze verify --man=no "$tmp/$unit.timer" \
    "$tmp/$unit.service" 2>&1)
check "verify" $? "$said"
check "nothing to say" "$(printf %s "$said" | grep -c "$unit")" "$said"
said=$(systemd-analyze security --offline=true --threshold=15 \
    "$tmp/$unit.service" 2>&1)
check "exposure of at most 1.5" $? "$said"
said=$(systemd-analyze calendar \
    "$(sed -n 's/^OnCalendar=//p' "$tmp/$unit.timer")" 2>&1)
check "the calendar" $? "$said"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
