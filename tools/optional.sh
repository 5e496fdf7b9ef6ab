#!/bin/sh
# Runs a script that a later part of the work brings, or says that it is not
# there.  usage: optional.sh SCRIPT [ARG...]
set -eu
cd "$(dirname "$0")/.."
if [ ! -x "$1" ]; then
	echo "$1 is not there" >&2
	exit 1
fi
script=$1
shift
export PORTBOOK_SOURCE="$PWD" PORTBOOK_BUILD="$PWD/build"
exec "./$script" "$@"
