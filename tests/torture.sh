#!/bin/sh
# Kills, full disks, two writers, every official version in three orders; and
# the server among 10,000 hostile connections.
here=$(dirname "$0")
"$here/torture/run.py" --rounds 200 --all
status=$?
"$here/hostile/run.py" --connections 10000 --rounds 10 || status=1
exit $status
