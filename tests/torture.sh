#!/bin/sh
# Kills, full disks, two writers, every official version in three orders.
exec "$(dirname "$0")/torture/run.py" --rounds 200 --all
