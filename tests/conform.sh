#!/bin/sh
# Every official file, byte for byte.
exec "$(dirname "$0")/conform/run.py" all
