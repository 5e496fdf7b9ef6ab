#!/bin/sh
# make bench: each thing beside what it is compared with (docs/bench.md).
# usage: run.sh [SUBJECT...]   read build convert write port name search
#	history process serve load nss annotate
#
#   PORTBOOK_REGISTRY_DIR  folder with service-names-port-numbers.DATE.xml
#   REGISTRY=FILE          this XML instead
#   SCALE=N                an invented registry of N records instead
#   BENCH_BUILD=DIR        build there, not in build-bench
#   BENCH_CLOCK=cpu        processor time instead of the clock
#   BENCH_CPU=N            the processor to stay on
set -eu
cd "$(dirname "$0")/.."
build=${BENCH_BUILD:-build-bench}
gperf_most=50000 # names; beyond, gperf takes hours

if [ ! -f $build/build.ninja ]; then
	meson setup $build --buildtype=release -Doptimization=2 \
	    -Dtests=false >$build.log 2>&1 || {
		cat $build.log >&2
		exit 1
	}
	rm -f $build.log
fi
ninja --quiet -C $build -j "${JOBS:-$(nproc)}" all benchmark-programs

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

if [ -n "${SCALE:-}" ]; then
	registry=$build/scale-$SCALE.xml
	if [ ! -f "$registry" ]; then
		bench/generate.py "$SCALE" >"$tmp/scale.xml"
		mv "$tmp/scale.xml" "$registry"
	fi
elif [ -n "${REGISTRY:-}" ]; then
	registry=$REGISTRY
elif [ -n "${PORTBOOK_REGISTRY_DIR:-}" ]; then
	registry=
	for file in "$PORTBOOK_REGISTRY_DIR"/service-names-port-numbers*.xml
	do
		if [ -f "$file" ]; then
			registry=$file # names end in a date: the last is it
		fi
	done
	if [ -z "$registry" ]; then
		echo "no service-names-port-numbers*.xml in" \
		    "$PORTBOOK_REGISTRY_DIR" >&2
		exit 3
	fi
else
	echo "Set PORTBOOK_REGISTRY_DIR to a folder that holds the registry's" \
	    "XML (service-names-port-numbers.xml, from" \
	    "https://www.iana.org/assignments/service-names-port-numbers)," \
	    "or SCALE=N for an invented one." >&2
	exit 3
fi

# gperf's tables take half a minute to make; they are kept for these names.
gperf_table() {
	$build/bench/bench --names "$registry" >"$tmp/names"
	if [ "$(wc -l <"$tmp/names")" -gt $gperf_most ]; then
		return 0
	fi
	library=$(cd $build && pwd)/gperf-$(sha256sum <"$tmp/names" | cut -c 1-16).so
	if [ ! -f "$library" ]; then
		echo "gperf makes its tables" >&2
		gperf -L ANSI-C -C -E -l -c -I --ignore-case -N gperf_fold \
		    -H hash_fold "$tmp/names" >"$tmp/fold.c"
		gperf -L ANSI-C -C -E -l -c -I -N gperf_plain \
		    -H hash_plain "$tmp/names" >"$tmp/plain.c"
		${CC:-cc} -O2 -shared -fPIC -w -o "$tmp/gperf.so" \
		    "$tmp/fold.c" "$tmp/plain.c"
		mv "$tmp/gperf.so" "$library"
	fi
	echo "$library"
}

# The store of all versions takes a minute to make; it is kept, too.
history_store() {
	archive=${PORTBOOK_REGISTRY_DIR:-}/history.tar.zst
	case " $* " in
	"  " | *" history "*) ;;
	*) return 0 ;;
	esac
	if [ -n "${SCALE:-}" ] || [ ! -f "$archive" ]; then
		return 0
	fi
	if [ ! -f $build/history/private/store.sqlite ]; then
		echo "importing history.tar.zst" >&2
		rm -rf $build/history.new
		$build/portbook import -q --state $build/history.new "$archive"
		mv $build/history.new $build/history
	fi
	echo $build/history/private/store.sqlite
}

BENCH_STORE=$(history_store "$@")
export BENCH_STORE
gperf=
case "$*" in
load | nss | annotate) ;;
*) gperf=$(gperf_table) ;;
esac
echo "Registry: $(basename "$registry")"

# Load, NSS and annotate are programs of their own; all other subjects are one.
loaded=no
case " $* " in
"  " | *" load "*) loaded=yes ;;
esac
switched=no
case " $* " in
"  " | *" nss "*) switched=yes ;;
esac
annotated=no
case " $* " in
"  " | *" annotate "*) annotated=yes ;;
esac
others=
for subject; do
	case $subject in
	load | nss | annotate) ;;
	*) others="$others $subject" ;;
	esac
done
status=0
if [ $# -eq 0 ] || [ -n "$others" ]; then
	# shellcheck disable=SC2086
	$build/bench/bench "$registry" $build "$tmp" "$gperf" $others ||
	    status=$?
fi
if [ $loaded = yes ]; then
	bench/load.py $build "$registry" "$tmp" || status=$?
fi
if [ $annotated = yes ]; then
	bench/annotate.py $build "$registry" "$tmp" || status=$?
fi
if [ $switched = yes ]; then
	bench/nss.py $build "$registry" "$tmp" || status=$?
fi
exit $status
