#!/bin/bash
# Fuzzes the targets named, or all, one after the other, each for
# FUZZ_SECONDS (60) from a copy of its corpus.  usage: fuzz.sh [TARGET...]
#
# Says for each how many edges it found beyond the corpus.  A finding's input
# stays in build-fuzz/findings/, and the exit status is then 1.
set -u
cd "$(dirname "$0")/.." || exit 1
seconds=${FUZZ_SECONDS:-60}
findings=build-fuzz/findings
export ASAN_OPTIONS=allocator_may_return_null=1:${ASAN_OPTIONS:-}
export UBSAN_OPTIONS=print_stacktrace=1:${UBSAN_OPTIONS:-}

tools/build.sh build-fuzz || exit 1
mkdir -p $findings
if [ $# -eq 0 ]; then
	for program in build-fuzz/tests/fuzz_*; do
		if [ -f "$program" ] && [ -x "$program" ]; then
			set -- "$@" "${program#build-fuzz/tests/fuzz_}"
		fi
	done
fi
if [ $# -eq 0 ]; then
	echo "no fuzz target is built" >&2
	exit 1
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# edges FILE [WORD] - those covered by the last line (with WORD) of a log
edges() {
	sed -n "s/^#.*[[:space:]]${2:-}.*cov: \([0-9]*\).*/\1/p" "$1" |
	    tail -n 1
}

failed=0
for name; do
	program=build-fuzz/tests/fuzz_$name
	if [ ! -x "$program" ]; then
		echo "$name: no such fuzz target" >&2
		failed=1
		continue
	fi
	mkdir "$tmp/$name"
	if [ -d "corpus/$name" ]; then
		cp -R "corpus/$name/." "$tmp/$name/"
	fi
	dict=
	if [ -f "corpus/$name.dict" ]; then
		dict=-dict=corpus/$name.dict
	fi
	before=$(find "$tmp/$name" -type f | wc -l)
	if "$program" -max_total_time="$seconds" \
	    -max_len="${FUZZ_MAX_LEN:-65536}" -rss_limit_mb=2048 -timeout=10 \
	    -print_final_stats=1 -artifact_prefix="$findings/$name-" \
	    ${dict:+"$dict"} "$tmp/$name" >"$tmp/log" 2>&1; then
		result="no findings"
	else
		result="A FINDING, kept in $findings/"
		failed=1
	fi
	start=$(edges "$tmp/log" INITED)
	end=$(edges "$tmp/log")
	: "${start:=0}" "${end:=$start}"
	after=$(find "$tmp/$name" -type f | wc -l)
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$tmp/log")
	echo "$name: ${runs:-?} runs, $end edges, $((end - start)) new," \
	    "$((after - before)) new inputs: $result"
	case $result in
	A*) sed -n '/ERROR: \|runtime error: /,/SUMMARY: /p
		s/.*Test unit written to /kept: /p' "$tmp/log" | tail -n 60 ;;
	esac
done
exit $failed
