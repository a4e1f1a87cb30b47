#!/bin/sh
# Runs tests and counts them: tests/run.sh [TEST...], where a TEST is a doctest program or a script.
# Without arguments: build/unit_tests and every tests/*/*_test.sh. A script runs in the project's root with RBM set
# to the command under test and prints a line for each test: `ok NAME`, `FAILED NAME: why` or
# `skipped NAME: why (how to get it)`. With CI=true nothing may be skipped.
set -u
cd "$(dirname "$0")/.." || exit 1
export RBM="${RBM:-$PWD/build/rbm}"
unset MAKEFLAGS MAKELEVEL # a make that a test starts is none of this make's jobs
output=$(mktemp)
trap 'rm -f "$output"' EXIT
passed=0 failed=0 skipped=0

# count PATTERN: how many lines of the output match
count() { grep -c "$1" "$output"; }

run() {
    "$1" >"$output" 2>&1
    status=$?
    case $1 in
        *.sh)
            ok=$(count '^ok ') bad=$(count '^FAILED ') left=$(count '^skipped ')
            show=$(grep '^skipped ' "$output")
            [ "$bad" = 0 ] || show=$(grep -v '^ok ' "$output")
            ;;
        *)
            summary=$(sed -n 's/^\[doctest\] test cases: *//p' "$output")
            ok=$(echo "$summary" | sed -n 's/.* \([0-9]*\) passed.*/\1/p')
            bad=$(echo "$summary" | sed -n 's/.* \([0-9]*\) failed.*/\1/p')
            ok=${ok:-0} bad=${bad:-0} left=0
            show=
            [ "$bad" = 0 ] || show=$(cat "$output")
            ;;
    esac
    # A crash is a failure, and so is a run that tested nothing.
    if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ $((ok + left)) = 0 ]; }; then
        bad=1
        show="FAILED $1: exit status $status, $ok tests passed before it; its last lines:
$(tail -n 20 "$output")"
    fi
    if [ "${CI:-}" = true ] && [ "$left" != 0 ]; then
        show="$show
FAILED $1: $left skipped, which CI=true forbids"
        bad=$((bad + left)) left=0
    fi
    echo "$1: $ok passed, $bad failed, $left skipped"
    [ -z "$show" ] || printf '%s\n' "$show" | sed 's/^/    /'
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + left))
}

[ $# != 0 ] || set -- build/unit_tests tests/*/*_test.sh
for test in "$@"; do run "$test"; done

if [ $skipped = 0 ]; then
    echo "$passed passed, $failed failed"
else
    echo "$passed passed, $failed failed, $skipped skipped"
fi
[ $failed = 0 ]
