#!/bin/sh
# Runs one test, for run.sh, and prints a line with what came of it, then what needs to be seen: tests/run_one.sh TEST.
# A NAME_test.cpp is the part of unit_tests that it was compiled into. A NAME_test.sh prints a line for each test: `ok NAME`,
# `FAILED NAME: why` or `skipped NAME: why (how to get it)`. With CI=true nothing may be skipped.
set -u
test=$1
output=$(mktemp) || exit
trap 'rm -f "$output"' EXIT
trap 'exit 130' INT TERM

# count PATTERN: how many lines of the output match
count() { grep -c "$1" "$output"; }
# cases WORD: how many of doctest's test cases have passed, or failed
cases() { sed -n "s/^\[doctest\] test cases: .* \([0-9]*\) $1.*/\1/p" "$output" | grep . || echo 0; }

case $test in
    *.sh)
        "$test" >"$output" 2>&1
        status=$?
        passed=$(count '^ok ') failed=$(count '^FAILED ') skipped=$(count '^skipped ')
        show=$(grep '^skipped ' "$output")
        [ "$failed" = 0 ] || show=$(grep -v '^ok ' "$output")
        ;;
    *)
        "${RBM%/*}/unit_tests" --source-file="*$test" >"$output" 2>&1
        status=$?
        passed=$(cases passed) failed=$(cases failed) skipped=0 # doctest calls so what other files hold
        show=
        [ "$failed" = 0 ] || show=$(cat "$output")
        ;;
esac
# A crash is a failure, and so is a run that tested nothing.
if [ "$failed" = 0 ] && { [ "$status" != 0 ] || [ $((passed + skipped)) = 0 ]; }; then
    failed=1
    show="FAILED $test: exit status $status, $passed tests passed before it; its last lines:
$(tail -n 20 "$output")"
fi
if [ "${CI:-}" = true ] && [ "$skipped" != 0 ]; then
    show="$show
FAILED $test: $skipped skipped, which CI=true forbids"
    failed=$((failed + skipped)) skipped=0
fi
echo "$test: $passed passed, $failed failed, $skipped skipped"
[ -z "$show" ] || printf '%s\n' "$show" | sed 's/^/    /'
