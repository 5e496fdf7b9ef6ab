#!/bin/sh
# Every official file, byte for byte; then the past as all of them tell it.
set -u
here=$(dirname "$0")
status=0
for test in conform log history; do
	"$here/$test/run.py" all || status=1
done
exit $status
