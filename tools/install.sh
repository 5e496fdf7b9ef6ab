#!/bin/sh
# make install PREFIX= DESTDIR=: the prefix is compiled in, so that another
# than the last builds a few files anew.
set -eu
cd "$(dirname "$0")/.."
prefix=${PREFIX:-/usr/local}
tools/build.sh build
if [ "$(cat build/.prefix 2>/dev/null)" != "$prefix" ]; then
	meson configure build -Dprefix="$prefix"
	echo "$prefix" >build/.prefix
	tools/build.sh build
fi
exec meson install -C build --no-rebuild
