#!/bin/sh
# Builds one of the build folders, setting it up first if need be.
# usage: build.sh build|build-asan|build-fuzz [tests]
#
#   build        what is installed: gcc, optimised; with its tests on request
#   build-asan   clang with ASan and UBSan, its allocations made to fail
#   build-fuzz   clang with ASan, UBSan and libFuzzer
#
# JOBS=N limits ninja.  Warnings are errors with the compilers that the code
# is written with, so that a newer one keeps nobody from building.
set -eu
cd "$(dirname "$0")/.."
dir=$1
sanitize="-Db_sanitize=address,undefined -Db_lundef=false
	-Dc_args=-fno-sanitize-recover=all --buildtype=debug -Doptimization=1"

werror() {
	case $("$1" -dumpversion 2>/dev/null) in
	12*|14.0*) echo -Dwerror=true ;;
	esac
}

# quietly COMMAND... - shows what it said only if it fails
quietly() {
	log=$(mktemp)
	if "$@" >"$log" 2>&1; then
		rm -f "$log"
	else
		cat "$log" >&2
		rm -f "$log"
		return 1
	fi
}

if [ ! -f "$dir/build.ninja" ]; then
	for tool in meson ninja; do
		if ! command -v $tool >/dev/null; then
			echo "$tool is missing:" \
			    "tools/setup.sh build installs what is needed" >&2
			exit 1
		fi
	done
	# shellcheck disable=SC2046,SC2086
	case $dir in
	build)
		quietly meson setup "$dir" --buildtype=release \
		    -Doptimization=2 -Dtests=false $(werror "${CC:-cc}")
		;;
	build-asan)
		CC=clang quietly meson setup "$dir" $sanitize -Dfaults=true \
		    $(werror clang)
		;;
	build-fuzz)
		CC=clang quietly meson setup "$dir" $sanitize -Dfuzz=true \
		    -Dtests=false
		;;
	*)
		echo "build.sh: no build folder is called $dir" >&2
		exit 2
		;;
	esac || {
		rm -rf "$dir"
		exit 1
	}
fi
if [ "${2:-}" = tests ] && [ ! -e "$dir/.with-tests" ]; then
	quietly meson configure "$dir" -Dtests=true
	touch "$dir/.with-tests"
fi
exec ninja --quiet -C "$dir" -j "${JOBS:-$(nproc)}"
